#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "engine/base/value.hpp"

namespace strata {

/// The secrets that a command has come across, to take them out of what others say before it is shown or kept: a service's message may
/// repeat whatever it was sent. Grows only. Thread-safe. Adding costs little; how a secret may be spelled is worked out when a text is
/// first looked at after it.
class KnownSecrets {
public:
    /// A shorter one cannot be told from ordinary text ("a", "on"), and is not looked for.
    static constexpr std::size_t shortest = 4;
    /// As many bytes of a secret in a row give it away.
    static constexpr std::size_t telling = 12;

    KnownSecrets();
    KnownSecrets(const KnownSecrets&) = delete;
    KnownSecrets& operator=(const KnownSecrets&) = delete;
    ~KnownSecrets();

    /// Text or bytes.
    void add(std::string_view secret);
    /// All texts and bytes inside.
    void add_all(const Value& value);
    /// All texts and bytes that a secret mark is around.
    void add_marked(const Value& value);
    void add_marked(const ValueMap& values);

    /// `text` with "(secret)" in place of each secret, however it is spelled (`spellings`). Where part of one is left after that, cut off
    /// or spelled in a way nobody thought of, nothing of the text is shown, but words that say so.
    /// @param besides  more of them, of one call
    [[nodiscard]] std::string redacted(std::string_view text, const KnownSecrets* besides = nullptr) const;

private:
    class Search;
    /// Up to date; nullptr where there is nothing to look for. mutex_ is held.
    const Search* search() const;

    mutable std::mutex mutex_;
    std::unordered_set<std::string> known_;
    mutable std::vector<std::string> fresh_;  ///< not yet in search_
    mutable std::unique_ptr<Search> search_;
};

}  // namespace strata
