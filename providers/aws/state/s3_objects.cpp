#include "providers/aws/state/s3_objects.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/base/encoding.hpp"
#include "providers/aws/model/registry.hpp"
#include "providers/aws/state/parallel_calls.hpp"
#include "providers/aws/state/s3_errors.hpp"

namespace strata::aws {

namespace {

// More would only wait for a connection, and the time that an answer may take runs meanwhile.
constexpr std::size_t most_at_once = 64;

using Object = ObjectStore::Object;

double random_fraction() { return static_cast<unsigned char>(random_bytes(1).front()) / 256.0; }

/// A call that may be sent again when its answer is lost; all that are made here may.
Call s3_call(std::string_view operation, ValueMap params) {
    const auto* const service = find_service("s3");
    return {.service = service,
            .operation = service == nullptr ? nullptr : service->operation(operation),
            .params = std::move(params),
            .repeatable = true};
}

std::string text_in(const Value& answer, std::string_view member) {
    const auto* const found = answer.find(member);
    return std::string{found == nullptr ? "" : found->text_or("")};
}

std::string body_of(const Value& answer) {
    const auto* const body = answer.find("Body");
    return body != nullptr && body->bytes() != nullptr ? body->bytes()->data : std::string{};
}

/// `member` of each item of the list `items`.
std::vector<std::string> texts_in(const Value& answer, std::string_view items, std::string_view member) {
    std::vector<std::string> out;
    const auto* const found = answer.find(items);
    const auto* const list = found == nullptr ? nullptr : found->list();
    if (list == nullptr) return out;
    for (const auto& item : *list) out.push_back(text_in(item, member));
    return out;
}

Error no_version(std::string_view place) {
    return Error{.kind = ErrorKind::protocol,
                 .summary = "The store gives no ETag",
                 .cause = fmt::format("{}: the answer has no ETag, by which a change would be noticed.", place),
                 .remedy = "See what stands between here and the store, or keep state elsewhere."};
}

class S3Objects final : public ObjectStore {
public:
    S3Objects(std::unique_ptr<Client> client, S3Location where, S3Patience patience)
        : client_{std::move(client)}, where_{std::move(where)}, patience_{patience} {}

    [[nodiscard]] std::string location(std::string_view name) const override {
        return fmt::format("s3://{}/{}", where_.bucket, key_of(name));
    }

    Result<std::vector<std::optional<Object>>> read(std::span<const std::string> names) override {
        std::vector<Call> calls;
        calls.reserve(names.size());
        for (const auto& name : names) calls.push_back(s3_call("GetObject", about(name)));
        auto answers = call_in_parallel(*client_, std::move(calls), most_at_once);

        std::vector<std::optional<Object>> objects;
        objects.reserve(names.size());
        for (std::size_t i = 0; i < names.size(); ++i) {
            auto object = object_in(names[i], std::move(answers[i]));
            if (!object) return std::move(object).error();
            objects.push_back(*std::move(object));
        }
        return objects;
    }

    Result<std::string> write(const std::string& name, std::string_view content, std::string_view expected) override {
        const auto most = wire::Request{}.response_limit;
        if (content.size() > most) return too_large(content.size(), most, location(name));
        auto written = put(name, content, expected);
        for (int again = 0; !written && asks_to_try_again(written.error()) && again + 1 < patience_.attempts; ++again) {
            std::this_thread::sleep_for(patience_.pauses.delay(again, random_fraction()));
            written = put(name, content, expected);
        }
        if (written) return written;
        if (!leaves_outcome_open(written.error())) return explain(std::move(written).error(), name);
        return find_out(name, content, expected, std::move(written).error());
    }

    Status copy(const std::string& from, const std::string& to, std::string_view expected) override {
        auto params = about(to);
        params.set("CopySource", percent_encode(fmt::format("{}/{}", where_.bucket, key_of(from)), Slash::keep));
        if (!expected.empty()) params.set("CopySourceIfMatch", expected);
        auto copied = client_->call_and_wait(s3_call("CopyObject", std::move(params)));
        if (!copied && !expected.empty() && says_condition_failed(copied.error()) && !says_no_such_object(copied.error()))
            return changed_by_another(location(from));
        if (!copied) return explain(std::move(copied).error(), from);
        return {};
    }

    Status remove(std::span<const std::string> names) override {
        std::vector<Call> calls;
        calls.reserve(names.size());
        for (const auto& name : names) calls.push_back(s3_call("DeleteObject", about(name)));
        auto answers = call_in_parallel(*client_, std::move(calls), most_at_once);

        // S3 itself answers 204 for what is not there, others 404.
        for (std::size_t i = 0; i < names.size(); ++i)
            if (!answers[i] && !says_no_such_object(answers[i].error())) return explain(std::move(answers[i]).error(), names[i]);
        return {};
    }

    Result<std::vector<std::string>> list(const std::string& folder, const std::string& after) override {
        auto answer = list_below(folder, after);
        if (!answer) return std::move(answer).error();
        auto names = names_of(texts_in(*answer, "Contents", "Key"));
        // S3's console makes objects whose names end with a slash, to show an empty folder.
        std::erase_if(names, [&](const std::string& name) { return name.ends_with('/') || name <= after; });
        std::ranges::sort(names);  // as S3 lists them, but not every store does
        return names;
    }

    Result<std::vector<std::string>> folders() override {
        auto answer = list_below("", "");
        if (!answer) return std::move(answer).error();
        auto names = names_of(texts_in(*answer, "CommonPrefixes", "Prefix"));
        for (auto& name : names) name.pop_back();  // the slash
        std::erase(names, "");
        std::ranges::sort(names);
        return names;
    }

    [[nodiscard]] bool wants_probe() const override { return true; }

private:
    [[nodiscard]] std::string key_of(std::string_view name) const {
        return where_.prefix.empty() ? std::string{name} : fmt::format("{}/{}", where_.prefix, name);
    }

    /// Names of these keys, in the same order.
    [[nodiscard]] std::vector<std::string> names_of(std::vector<std::string> keys) const {
        const auto skipped = where_.prefix.empty() ? 0 : where_.prefix.size() + 1;
        for (auto& key : keys) key.erase(0, skipped);
        return keys;
    }

    [[nodiscard]] ValueMap about(std::string_view name) const { return {{"Bucket", where_.bucket}, {"Key", key_of(name)}}; }

    [[nodiscard]] Error explain(Error error, std::string_view name) const {
        return explained(std::move(error), location(name), where_.bucket, client_->options());
    }

    [[nodiscard]] Result<std::optional<Object>> object_in(const std::string& name, Result<Value> answer) const {
        if (!answer && says_no_such_object(answer.error())) return std::optional<Object>{};
        if (!answer) return explain(std::move(answer).error(), name);
        auto version = text_in(*answer, "ETag");
        if (version.empty()) return no_version(location(name));
        return std::optional{Object{.content = body_of(*answer), .version = std::move(version)}};
    }

    Result<std::string> put(const std::string& name, std::string_view content, std::string_view expected) {
        auto params = about(name);
        params.set("Body", Bytes{std::string{content}});
        if (expected.empty()) params.set("IfNoneMatch", "*");
        else params.set("IfMatch", expected);
        auto answer = client_->call_and_wait(s3_call("PutObject", std::move(params)));
        if (!answer) return std::move(answer).error();
        auto version = text_in(*answer, "ETag");
        if (version.empty()) return no_version(location(name));
        return version;
    }

    /// Whether a write that ended with `refusal` was carried out nevertheless, by an attempt whose answer was lost.
    Result<std::string> find_out(const std::string& name, std::string_view content, std::string_view expected, Error refusal) {
        auto there = object_in(name, client_->call_and_wait(s3_call("GetObject", about(name))));
        if (!there) return outcome_not_found_out(explain(std::move(refusal), name), std::move(there).error());
        const std::optional<Object> object = *std::move(there);
        if (object && object->content == content) return object->version;

        const bool unchanged = (object ? object->version : std::string{}) == expected;
        if (!unchanged || says_condition_failed(refusal)) return changed_by_another(location(name));
        if (asks_to_try_again(refusal)) return never_accepted(std::move(refusal), location(name));
        return explain(std::move(refusal), name);
    }

    Result<Value> list_below(const std::string& folder, const std::string& after) {
        const auto prefix = folder.empty() ? key_of("") : key_of(folder + "/");
        ValueMap params{{"Bucket", where_.bucket}, {"Delimiter", "/"}, {"Prefix", prefix}};
        if (!after.empty()) params.set("StartAfter", key_of(after));
        auto answer = client_->call_all_pages_and_wait(s3_call("ListObjectsV2", std::move(params)));
        if (!answer) return explain(std::move(answer).error(), folder);
        return answer;
    }

    std::unique_ptr<Client> client_;
    const S3Location where_;
    const S3Patience patience_;
};

}  // namespace

std::unique_ptr<ObjectStore> s3_objects(std::unique_ptr<Client> client, S3Location where, S3Patience patience) {
    return std::make_unique<S3Objects>(std::move(client), std::move(where), patience);
}

}  // namespace strata::aws
