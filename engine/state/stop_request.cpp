#include "engine/state/stop_request.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/base/json.hpp"

namespace strata {

namespace {

constexpr int most_conflicts = 10;  // of others who ask at the same moment

/// "foundation/request" for "foundation/lock".
std::string name_beside(std::string_view lock_name) { return fmt::format("{}/request", lock_name.substr(0, lock_name.rfind('/'))); }

std::string encode(const StopRequest& request) {
    return to_json(Value::map({{"run", request.run},
                               {"by", request.by},
                               {"at", request.at},
                               {"now", request.now},
                               // No two writes are alike, so that a write whose answer was lost is known again.
                               {"write", random_token()}}));
}

std::optional<StopRequest> decode(std::string_view content) {
    const auto document = parse_json(content, "the request", small_json);
    if (!document.ok()) return std::nullopt;
    const auto text = [&](std::string_view key) {
        const auto* found = document->find(key);
        return std::string{found != nullptr ? found->text_or("") : ""};
    };
    if (text("run").empty()) return std::nullopt;
    const auto* now = document->find("now");
    return StopRequest{.run = text("run"), .by = text("by"), .at = text("at"), .now = now != nullptr && now->boolean_or(false)};
}

Result<std::optional<ObjectStore::Object>> read_object(ObjectStore& objects, const std::string& name) {
    auto found = objects.read(std::array{name});
    if (!found) return std::move(found).error();
    return std::move(found->front());
}

}  // namespace

Result<std::optional<StopRequest>> read_stop_request(ObjectStore& objects, std::string_view lock_name) {
    const auto present = read_object(objects, name_beside(lock_name));
    if (!present) return present.error();
    const auto& object = *present;
    return object ? decode(object->content) : std::nullopt;
}

Status ask_to_stop(ObjectStore& objects, std::string_view lock_name, const StopRequest& request) {
    const auto name = name_beside(lock_name);
    for (int conflicts = 0;; ++conflicts) {
        const auto present = read_object(objects, name);
        if (!present) return present.error();
        const auto& object = *present;
        const auto before = object ? decode(object->content) : std::nullopt;
        if (before && before->run == request.run && (before->now || !request.now)) return {};
        auto written = objects.write(name, encode(request), object ? object->version : std::string{});
        if (written) return {};
        if (written.error().kind != ErrorKind::conflict || conflicts == most_conflicts) return std::move(written).error();
    }
}

Status remove_stop_request(ObjectStore& objects, std::string_view lock_name) { return objects.remove(std::array{name_beside(lock_name)}); }

}  // namespace strata
