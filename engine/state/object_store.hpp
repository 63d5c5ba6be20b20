#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/error.hpp"

namespace strata {

/// Named objects that are written whole and on a condition: all that state needs of a disk or of a bucket. One store holds
/// the state of one environment. A name is a path with slashes ("foundation/journal/000000000012.json"): letters, digits,
/// ".", "-", "_" only. Every function may be called from several threads at once.
class ObjectStore {
public:
    struct Object {
        std::string content;
        std::string version;  ///< what write() wants back; other content has another one
    };

    virtual ~ObjectStore() = default;

    /// Where an object lies, for people: "file .strata/state/dev/foundation/lock", "s3://bucket/prefix/dev/foundation/lock".
    [[nodiscard]] virtual std::string location(std::string_view name) const = 0;

    /// One entry for each name, in order; empty where there is no such object. Reads after writes see them.
    /// @errors io, network, access_denied, ... : none of them means "not there"
    virtual Result<std::vector<std::optional<Object>>> read(std::span<const std::string> names) = 0;

    /// Makes `content`, whole and durable, the object's content, only while its version is still `expected` (empty: only when there
    /// is no such object). Returns the new version. A write whose answer was lost is found out about before this returns:
    /// no two writers may hand in the same content, so content that is there is this call's own.
    /// @errors conflict when somebody else wrote; any other when it is not written, or nobody can tell
    virtual Result<std::string> write(const std::string& name, std::string_view content, std::string_view expected) = 0;

    /// Copies an object without sending its content again, only while its version is still `expected` (empty: whatever it is); what
    /// has the name `to` is replaced. @errors not_found; conflict when somebody else wrote `from`
    virtual Status copy(const std::string& from, const std::string& to, std::string_view expected) = 0;

    /// Without condition; durable when this returns. What is not there is no error.
    virtual Status remove(std::span<const std::string> names) = 0;

    /// Whole names of the objects directly in `folder` ("foundation/journal"), ascending by byte, above the whole name `after`
    /// (empty: all); none when there is no such folder.
    virtual Result<std::vector<std::string>> list(const std::string& folder, const std::string& after) = 0;

    /// Names of the folders at the top that hold anything, ascending.
    virtual Result<std::vector<std::string>> folders() = 0;

    /// True when conditions are somebody else's promise (a service behind an address), to be tried out before it is trusted.
    [[nodiscard]] virtual bool wants_probe() const = 0;
};

}  // namespace strata
