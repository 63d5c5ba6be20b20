#pragma once

#include <array>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>

#include <curl/curl.h>

#include "engine/wire/failure.hpp"
#include "engine/wire/http.hpp"

namespace strata::wire {

/// Why we ourselves told curl to give an exchange up.
enum class GivenUp : std::uint8_t { no, body_too_long, headers_too_long, second_transmission, unreadable_file };

/// One request from its start on the loop to its answer.
struct Exchange {
    Request request;
    Http::Done done;
    std::string origin;
    CURL* easy = nullptr;
    curl_slist* fields = nullptr;
    Response response;
    std::size_t header_bytes = 0;
    std::ifstream upload;
    int transmissions = 0;
    GivenUp given_up = GivenUp::no;
    std::array<char, CURL_ERROR_SIZE> words{};
};

/// "https://host:port" of an address, in lower case.
std::string origin_of(std::string_view url);
inline bool is_tls(std::string_view origin) { return origin.starts_with("https://"); }

/// Sets every option of `exchange.easy` for its request.
/// @param ca_bundle file of trusted authorities; empty for plain http
/// @errors io when the file to send cannot be read
Status set_up(Exchange& exchange, const HttpOptions& options, const std::string& ca_bundle);

/// Bytes of this request that were handed to the system, headers included.
std::uint64_t bytes_sent(CURL* easy);
/// True when the server may have seen some of the request.
inline bool anything_sent(CURL* easy) { return bytes_sent(easy) > 0; }
long connections_made(CURL* easy);

/// What became of an exchange that curl has ended with `code`: its response, taken out, or the error.
Result<Response> outcome(Exchange& exchange, CURLcode code, const std::string& ca_bundle);

}  // namespace strata::wire
