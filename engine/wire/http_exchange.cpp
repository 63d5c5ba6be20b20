#include "engine/wire/http_exchange.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>

#include <fmt/format.h>

#include "engine/base/text.hpp"

namespace strata::wire {

namespace {

constexpr std::size_t header_limit = std::size_t{256} << 10;
// Services close idle connections after 20 seconds or later; one that is younger than this is hardly ever
// closed in the very moment in which we send, so a mutating call hardly ever ends "outcome unknown" for it.
constexpr long idle_connection_seconds = 10;
constexpr long stalled_below_bytes_per_second = 64;

Exchange& exchange_of(void* user) { return *static_cast<Exchange*>(user); }

long number_of(CURL* easy, CURLINFO what) {
    long number = 0;
    curl_easy_getinfo(easy, what, &number);
    return number;
}

std::size_t on_header(char* data, std::size_t, std::size_t count, void* user) {
    auto& exchange = exchange_of(user);
    exchange.header_bytes += count;
    if (exchange.header_bytes > header_limit) {
        exchange.given_up = GivenUp::headers_too_long;
        return 0;
    }
    const std::string_view line{data, count};
    if (line.starts_with("HTTP/")) {
        // A new status line: what came before belonged to a 1xx answer.
        exchange.response.headers = {};
        return count;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return count;
    exchange.response.headers.add(std::string{trimmed(line.substr(0, colon))}, std::string{trimmed(line.substr(colon + 1))});
    return count;
}

std::size_t on_body(char* data, std::size_t, std::size_t count, void* user) {
    auto& exchange = exchange_of(user);
    auto& body = exchange.response.body;
    if (body.size() + count > exchange.request.response_limit) {
        exchange.given_up = GivenUp::body_too_long;
        return count == 0 ? 1 : 0;
    }
    body.append(data, count);
    return count;
}

std::size_t on_upload(char* out, std::size_t size, std::size_t count, void* user) {
    auto& exchange = exchange_of(user);
    exchange.upload.read(out, static_cast<std::streamsize>(size * count));
    if (exchange.upload.bad()) {
        exchange.given_up = GivenUp::unreadable_file;
        return CURL_READFUNC_ABORT;
    }
    return static_cast<std::size_t>(exchange.upload.gcount());
}

/// curl resends by itself when a reused connection turns out to be dead. The server may have acted on the
/// first copy, so the second goes out only when nothing of the first did.
int before_transmission(void* user, char*, char*, int, int) {
    auto& exchange = exchange_of(user);
    ++exchange.transmissions;
    if (exchange.transmissions == 1 || !anything_sent(exchange.easy)) return CURL_PREREQFUNC_OK;
    exchange.given_up = GivenUp::second_transmission;
    return CURL_PREREQFUNC_ABORT;
}

/// Every option that holds for all requests. Nothing here can be turned off by a caller.
void set_common_options(CURL* easy, const HttpOptions& options) {
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_NODELAY, 1L);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, idle_connection_seconds);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(easy, CURLOPT_USERAGENT, options.user_agent.c_str());
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, stalled_below_bytes_per_second);
    curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(std::max<Milliseconds::rep>(1, options.stalled_after.count() / 1000)));
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, &on_upload);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &before_transmission);
}

/// With a folder of certificates set, curl cannot keep the parsed store, and reads 140 files for every connection.
void set_trust(CURL* easy, const std::string& ca_bundle) {
    curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, nullptr);
    if (ca_bundle.empty()) return;
    curl_easy_setopt(easy, CURLOPT_CAINFO, ca_bundle.c_str());
    curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, ca_bundle.c_str());
}

/// Makes curl send exactly the fields of the request: those that it would add by itself are taken out.
curl_slist* header_list(const Request& request) {
    curl_slist* list = nullptr;
    for (const auto& [name, value] : request.headers) {
        // "Name;" is how curl is told to send a field that is empty.
        const auto line = value.empty() ? name + ";" : fmt::format("{}: {}", name, value);
        list = curl_slist_append(list, line.c_str());
    }
    for (const auto* unwanted : {"Expect", "Content-Type"})
        if (request.headers.find(unwanted) == nullptr) list = curl_slist_append(list, fmt::format("{}:", unwanted).c_str());
    return list;
}

/// A body is sent, if only an empty one: PUT, POST and PATCH announce "Content-Length: 0".
bool has_body(const Request& request) {
    return !request.body.empty() || request.method == "POST" || request.method == "PUT" || request.method == "PATCH";
}

Status set_body(Exchange& exchange) {
    const auto& request = exchange.request;
    if (!request.body_file.empty()) {
        exchange.upload.open(request.body_file, std::ios::binary | std::ios::ate);
        if (!exchange.upload)
            return http_error({.what = Failure::file, .detail = fmt::format("{}: {}", request.body_file, std::strerror(errno))}, request);
        const auto size = exchange.upload.tellg();
        exchange.upload.seekg(0);
        curl_easy_setopt(exchange.easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(exchange.easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(size));
        curl_easy_setopt(exchange.easy, CURLOPT_READDATA, &exchange);
    } else if (has_body(request)) {
        curl_easy_setopt(exchange.easy, CURLOPT_POST, 1L);
        curl_easy_setopt(exchange.easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(exchange.easy, CURLOPT_POSTFIELDS, request.body.c_str());
    } else if (request.method == "HEAD") {
        curl_easy_setopt(exchange.easy, CURLOPT_NOBODY, 1L);
    }
    if (request.method != "HEAD") curl_easy_setopt(exchange.easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    return {};
}

Status set_request(Exchange& exchange) {
    const auto& request = exchange.request;
    auto* const easy = exchange.easy;
    exchange.fields = header_list(request);
    curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, exchange.fields);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &exchange);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, &exchange);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, exchange.words.data());
    if (request.direct) curl_easy_setopt(easy, CURLOPT_PROXY, "");
    return set_body(exchange);
}

std::optional<Failure> failure_given_up(GivenUp reason) {
    switch (reason) {
        case GivenUp::no: return std::nullopt;
        case GivenUp::body_too_long: return Failure::too_long;
        case GivenUp::headers_too_long: return Failure::headers_too_long;
        case GivenUp::second_transmission: return Failure::reset;
        case GivenUp::unreadable_file: return Failure::file;
    }
    return std::nullopt;
}

Failure failure_timed_out(const Exchange& exchange) {
    double ready = 0;
    curl_easy_getinfo(exchange.easy, CURLINFO_PRETRANSFER_TIME, &ready);
    if (ready == 0) return Failure::connect_timeout;
    return std::string_view{exchange.words.data()}.find("too slow") == std::string_view::npos ? Failure::timeout : Failure::stalled;
}

Failure failure_of(CURLcode code, const Exchange& exchange) {
    if (const auto reason = failure_given_up(exchange.given_up)) return *reason;
    switch (code) {
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL:
            // The same code tells of an answer without a status line (HTTP/0.9).
            return exchange.transmissions > 0 ? Failure::not_http : Failure::bad_request;
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_BAD_CONTENT_ENCODING: return Failure::not_http;
        case CURLE_COULDNT_RESOLVE_HOST: return Failure::dns;
        case CURLE_COULDNT_RESOLVE_PROXY:
        case CURLE_PROXY: return Failure::proxy;
        case CURLE_COULDNT_CONNECT: return Failure::connect;
        case CURLE_SSL_CACERT_BADFILE: return Failure::ca_bundle;
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ISSUER_ERROR: return Failure::certificate;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_USE_SSL_FAILED:
        case CURLE_SSL_CIPHER: return Failure::tls;
        case CURLE_OPERATION_TIMEDOUT: return failure_timed_out(exchange);
        case CURLE_PARTIAL_FILE: return Failure::truncated;
        case CURLE_READ_ERROR: return Failure::file;
        default: return exchange.response.status != 0 || exchange.header_bytes > 0 ? Failure::truncated : Failure::reset;
    }
}

std::string detail_of(CURLcode code, const Exchange& exchange) {
    switch (exchange.given_up) {
        case GivenUp::body_too_long: return fmt::format("more than {} bytes", exchange.request.response_limit);
        case GivenUp::headers_too_long: return fmt::format("more than {} bytes of header", header_limit);
        case GivenUp::second_transmission: return "the server closed the connection without an answer";
        case GivenUp::unreadable_file: return exchange.request.body_file;
        case GivenUp::no: break;
    }
    if (code == CURLE_COULDNT_CONNECT)
        if (const auto reason = number_of(exchange.easy, CURLINFO_OS_ERRNO); reason != 0) return std::strerror(static_cast<int>(reason));
    const std::string_view words{exchange.words.data()};
    // Of a proxy that it cannot use, curl quotes the address as it was given, password and all.
    const bool of_proxy = lower(words).find("proxy") != std::string::npos;
    return words.empty() || of_proxy ? curl_easy_strerror(code) : std::string{words};
}

}  // namespace

std::string origin_of(std::string_view url) {
    const auto host = url.find("://");
    const auto end = host == std::string_view::npos ? url.size() : url.find_first_of("/?#", host + 3);
    return lower(url.substr(0, end));
}

Status set_up(Exchange& exchange, const HttpOptions& options, const std::string& ca_bundle) {
    set_common_options(exchange.easy, options);
    set_trust(exchange.easy, ca_bundle);
    return set_request(exchange);
}

std::uint64_t bytes_sent(CURL* easy) {
    // REQUEST_SIZE counts what went out together with the header, SIZE_UPLOAD_T the rest of the body.
    curl_off_t uploaded = 0;
    curl_easy_getinfo(easy, CURLINFO_SIZE_UPLOAD_T, &uploaded);
    return static_cast<std::uint64_t>(number_of(easy, CURLINFO_REQUEST_SIZE) + uploaded);
}

long connections_made(CURL* easy) { return number_of(easy, CURLINFO_NUM_CONNECTS); }

Result<Response> outcome(Exchange& exchange, CURLcode code, const std::string& ca_bundle) {
    if (code == CURLE_OK) {
        exchange.response.status = static_cast<int>(number_of(exchange.easy, CURLINFO_RESPONSE_CODE));
        exchange.response.reused_connection = connections_made(exchange.easy) == 0;
        return std::move(exchange.response);
    }
    const auto what = failure_of(code, exchange);
    const bool about_trust = what == Failure::certificate || what == Failure::ca_bundle;
    return http_error({.what = what,
                       .sent = anything_sent(exchange.easy),
                       .detail = detail_of(code, exchange),
                       .ca_bundle = about_trust ? ca_bundle : std::string{}},
                      exchange.request);
}

}  // namespace strata::wire
