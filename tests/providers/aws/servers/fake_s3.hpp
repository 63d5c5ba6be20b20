#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/engine/wire/tiny_server.hpp"

namespace strata::aws {

/// As much of S3 as state needs (get, put, copy and delete an object, list), in memory, with one bucket. It refuses an upload
/// without a checksum, checks no signature, and fails as a test says.
class FakeS3 {
public:
    /// What goes wrong with one request.
    enum class Fault : std::uint8_t {
        none,
        request_lost,   ///< the connection breaks before anything was done
        answer_lost,    ///< it was carried out, and the connection breaks
        failed_before,  ///< answers 500, and did nothing
        failed_after,   ///< answers 500, and did it
        busy,           ///< answers 409 ConditionalRequestConflict, and did nothing
        denied,         ///< answers 403 AccessDenied
        unknown,        ///< answers 501 NotImplemented
    };
    using Faults = std::function<Fault(const wire::SeenRequest&)>;

    static constexpr const char* bucket = "state";

    explicit FakeS3(Faults faults = {}) : FakeS3{std::move(faults), true} {}

    [[nodiscard]] std::string url() const { return server_.url(); }
    /// "PUT /state/dev/lock" of each request so far; queries are left out.
    [[nodiscard]] std::vector<std::string> requests() const;
    /// Of the latest request. Empty when there was none.
    [[nodiscard]] std::optional<wire::SeenRequest> last_request() const;
    /// As somebody else would: past every fault and condition.
    void put(const std::string& key, const std::string& content);
    void remove(const std::string& key);
    [[nodiscard]] std::optional<std::string> content(const std::string& key) const;
    /// Names in one page of a list, when the request does not say.
    std::size_t page_size = 1000;

protected:
    FakeS3(Faults faults, bool honours_conditions);

private:
    void serve(wire::Peer& peer);
    std::string carry_out(const wire::SeenRequest& request);
    std::string put_object(const std::string& key, const wire::SeenRequest& request);
    std::string copy_object(const std::string& key, std::string source, const wire::Headers& headers);
    std::string get_object(const std::string& key) const;
    std::string list(const std::map<std::string, std::string>& query) const;
    [[nodiscard]] std::optional<std::string> refusal_by_condition(const std::string& key, const wire::Headers& headers) const;

    Faults faults_;
    const bool honours_conditions_;
    mutable std::mutex mutex_;
    std::map<std::string, std::string> objects_;  // content by key; guarded by mutex_
    std::vector<wire::SeenRequest> seen_;         // without bodies; guarded by mutex_
    wire::TinyServer server_;                     // last: its threads use all of the above
};

/// A store that takes If-Match and If-None-Match and does not look at them, as some services that speak S3's language do: two
/// runs would both believe that they hold a lock.
class FakeS3WithoutConditions final : public FakeS3 {
public:
    explicit FakeS3WithoutConditions(Faults faults = {}) : FakeS3{std::move(faults), false} {}
};

}  // namespace strata::aws
