#include "tests/providers/aws/servers/fake_s3.hpp"

#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/base/encoding.hpp"
#include "engine/base/text.hpp"

namespace strata::aws {

namespace {

std::string etag_of(std::string_view content) { return fmt::format("\"{}\"", hex_encode(md5(content))); }

std::string error(int status, std::string_view code) {
    return wire::plain_answer(fmt::format("<Error><Code>{}</Code><Message>as told</Message><RequestId>r-1</RequestId></Error>", code),
                              status);
}

std::string with_etag(std::string_view body, std::string_view content) {
    return wire::plain_answer(body, 200, fmt::format("ETag: {}\r\n", etag_of(content)));
}

std::string xml_text(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string{c};
    return out;
}

std::map<std::string, std::string> query_of(std::string_view target) {
    std::map<std::string, std::string> out;
    const auto mark = target.find('?');
    if (mark == std::string_view::npos) return out;
    for (const auto& pair : split(target.substr(mark + 1), '&')) {
        const auto equals = pair.find('=');
        out[pair.substr(0, equals)] = equals == std::string::npos ? "" : percent_decode(std::string_view{pair}.substr(equals + 1));
    }
    return out;
}

std::string path_of(std::string_view target) { return percent_decode(target.substr(0, target.find('?'))); }

std::string entry(const std::map<std::string, std::string>& query, const std::string& name) {
    const auto found = query.find(name);
    return found == query.end() ? "" : found->second;
}

}  // namespace

FakeS3::FakeS3(Faults faults, bool honours_conditions)
    : faults_{std::move(faults)}, honours_conditions_{honours_conditions}, server_{[this](wire::Peer& peer) { serve(peer); }} {}

void FakeS3::serve(wire::Peer& peer) {
    while (const auto request = peer.read_request()) {
        {
            const std::lock_guard lock{mutex_};
            seen_.push_back({request->method, request->target, request->headers, {}});
        }
        const auto fault = faults_ ? faults_(*request) : Fault::none;
        if (fault == Fault::request_lost) return;
        const bool done = fault == Fault::none || fault == Fault::answer_lost || fault == Fault::failed_after;
        auto answer = done ? carry_out(*request) : std::string{};
        if (fault == Fault::answer_lost) return;
        if (fault == Fault::failed_before || fault == Fault::failed_after) answer = error(500, "InternalError");
        if (fault == Fault::busy) answer = error(409, "ConditionalRequestConflict");
        if (fault == Fault::denied) answer = error(403, "AccessDenied");
        if (fault == Fault::unknown) answer = error(501, "NotImplemented");
        if (!peer.write(answer)) return;
    }
}

std::string FakeS3::carry_out(const wire::SeenRequest& request) {
    const std::lock_guard lock{mutex_};
    const auto path = path_of(request.target);
    const auto query = query_of(request.target);
    const auto top = fmt::format("/{}", bucket);
    if (path != top && !path.starts_with(top + "/")) return error(404, "NoSuchBucket");
    if (query.contains("list-type")) return list(query);

    const auto key = path.substr(top.size() + 1);
    if (request.method == "GET") return get_object(key);
    if (request.method == "PUT") return put_object(key, request);
    if (request.method != "DELETE") return error(501, "NotImplemented");
    objects_.erase(key);
    return "HTTP/1.1 204 No Content\r\n\r\n";
}

std::optional<std::string> FakeS3::refusal_by_condition(const std::string& key, const wire::Headers& headers) const {
    if (!honours_conditions_) return std::nullopt;
    const auto present = objects_.find(key);
    if (headers.find("if-none-match") != nullptr && present != objects_.end()) return error(412, "PreconditionFailed");
    const auto* const match = headers.find("if-match");
    if (match == nullptr) return std::nullopt;
    if (present == objects_.end()) return error(404, "NoSuchKey");
    if (*match != etag_of(present->second)) return error(412, "PreconditionFailed");
    return std::nullopt;
}

std::string FakeS3::put_object(const std::string& key, const wire::SeenRequest& request) {
    if (const auto* const source = request.headers.find("x-amz-copy-source"))
        return copy_object(key, percent_decode(*source), request.headers);
    if (request.headers.find("x-amz-checksum-crc32") == nullptr) return error(400, "MissingChecksum");
    if (auto refusal = refusal_by_condition(key, request.headers)) return *std::move(refusal);
    objects_[key] = request.body;
    return with_etag("", request.body);
}

std::string FakeS3::copy_object(const std::string& key, std::string source, const wire::Headers& headers) {
    const auto top = fmt::format("{}/", bucket);
    if (!source.starts_with(top)) return error(404, "NoSuchBucket");
    const auto from = objects_.find(source.substr(top.size()));
    if (from == objects_.end()) return error(404, "NoSuchKey");
    const auto content = from->second;
    const auto* const match = headers.find("x-amz-copy-source-if-match");
    if (match != nullptr && *match != etag_of(content)) return error(412, "PreconditionFailed");
    objects_[key] = content;
    return wire::plain_answer(fmt::format("<CopyObjectResult><ETag>{}</ETag></CopyObjectResult>", etag_of(content)));
}

std::string FakeS3::get_object(const std::string& key) const {
    const auto found = objects_.find(key);
    return found == objects_.end() ? error(404, "NoSuchKey") : with_etag(found->second, found->second);
}

std::string FakeS3::list(const std::map<std::string, std::string>& query) const {
    const auto prefix = entry(query, "prefix");
    const auto delimiter = entry(query, "delimiter");
    const auto token = entry(query, "continuation-token");
    const auto after = token.empty() ? entry(query, "start-after") : token;
    std::string body;
    std::string last;
    std::string folder;
    std::size_t count = 0;
    bool more = false;
    for (const auto& [key, content] : objects_) {
        if (!key.starts_with(prefix) || key <= after) continue;
        const auto slash = delimiter.empty() ? std::string::npos : key.find(delimiter, prefix.size());
        const auto common = slash == std::string::npos ? std::string{} : key.substr(0, slash + 1);
        if (!common.empty() && (common == folder || token.starts_with(common))) {
            last = key;
            continue;
        }
        more = count == page_size;
        if (more) break;
        ++count;
        folder = common;
        last = key;
        body += common.empty() ? fmt::format("<Contents><Key>{}</Key></Contents>", xml_text(key))
                               : fmt::format("<CommonPrefixes><Prefix>{}</Prefix></CommonPrefixes>", xml_text(common));
    }
    const auto next = more ? fmt::format("<NextContinuationToken>{}</NextContinuationToken>", xml_text(last)) : "";
    return wire::plain_answer(fmt::format("<ListBucketResult><IsTruncated>{}</IsTruncated>{}{}</ListBucketResult>", more, next, body));
}

std::vector<std::string> FakeS3::requests() const {
    const std::lock_guard lock{mutex_};
    std::vector<std::string> out;
    out.reserve(seen_.size());
    for (const auto& request : seen_) out.push_back(fmt::format("{} {}", request.method, path_of(request.target)));
    return out;
}

std::optional<wire::SeenRequest> FakeS3::last_request() const {
    const std::lock_guard lock{mutex_};
    return seen_.empty() ? std::nullopt : std::optional{seen_.back()};
}

void FakeS3::put(const std::string& key, const std::string& content) {
    const std::lock_guard lock{mutex_};
    objects_[key] = content;
}

void FakeS3::remove(const std::string& key) {
    const std::lock_guard lock{mutex_};
    objects_.erase(key);
}

std::optional<std::string> FakeS3::content(const std::string& key) const {
    const std::lock_guard lock{mutex_};
    const auto found = objects_.find(key);
    return found == objects_.end() ? std::nullopt : std::optional{found->second};
}

}  // namespace strata::aws
