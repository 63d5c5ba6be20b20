#include "providers/aws/client/trace.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/base/encoding.hpp"
#include "engine/base/json.hpp"
#include "engine/base/text.hpp"

namespace strata::aws {

namespace {

constexpr std::string_view mask = "(secret)";
// A shorter text would also be taken out of where it stands by chance ("a", "on").
constexpr std::size_t shortest_redacted = 4;

// An object's content is no line of a trace.
constexpr std::size_t longest_bytes_shown = 256;

constexpr std::array<std::string_view, 6> secret_words = {"password",     "passphrase", "secretstring",
                                                          "secretbinary", "privatekey", "secretaccesskey"};
constexpr std::array<std::string_view, 6> secret_fields = {"authorization",
                                                           "x-amz-security-token",
                                                           "x-amz-server-side-encryption-customer-key",
                                                           "x-amz-copy-source-server-side-encryption-customer-key",
                                                           "proxy-authorization",
                                                           "cookie"};
constexpr std::array<std::string_view, 3> secret_parameters = {"x-amz-signature", "x-amz-security-token", "x-amz-credential"};

const Member* member_of(const Shape* shape, std::string_view name) {
    if (shape == nullptr || shape->type != ShapeType::structure) return nullptr;
    const auto found = std::ranges::find(shape->members, name, &Member::name);
    return found == shape->members.end() ? nullptr : &*found;
}

bool is_secret(const Value& value, std::string_view name, const Member* member, const Shape* shape) {
    if (value.is_secret() || sounds_secret(name)) return true;
    return (member != nullptr && member->sensitive) || (shape != nullptr && shape->sensitive);
}

/// The shape of what stands under `name` in a map or structure of this shape, or in a list of it.
const Shape* shape_inside(const Shape* shape, const Member* member) {
    if (member != nullptr) return member->shape;
    return shape != nullptr && shape->element != nullptr ? shape->element->shape : nullptr;
}

Value masked_inside(const Value& value, std::string_view name, const Member* member, const Shape* shape) {
    if (is_secret(value, name, member, shape)) return Value{mask};
    if (const auto* bytes = value.bytes(); bytes != nullptr && bytes->data.size() > longest_bytes_shown)
        return Value{fmt::format("({} bytes)", bytes->data.size())};
    if (const auto* map = value.map()) {
        ValueMap out;
        for (const auto& [key, inner] : *map) {
            const auto* const of_key = member_of(shape, key);
            out.set(key, masked_inside(inner, key, of_key, shape_inside(shape, of_key)));
        }
        return out;
    }
    if (const auto* list = value.list()) {
        ValueList out;
        for (const auto& inner : *list)
            out.push_back(masked_inside(inner, {}, shape != nullptr ? shape->element : nullptr, shape_inside(shape, nullptr)));
        return out;
    }
    return value;
}

void add_texts(const Value& value, std::vector<std::string>& out) {
    const auto& plain = value.revealed();
    if (const auto* text = plain.string()) out.push_back(*text);
    if (const auto* bytes = plain.bytes()) out.push_back(bytes->data);
    if (const auto* list = plain.list())
        for (const auto& inner : *list) add_texts(inner, out);
    if (const auto* map = plain.map())
        for (const auto& [key, inner] : *map) add_texts(inner, out);
}

void add_secrets(const Value& value, std::string_view name, const Member* member, const Shape* shape, std::vector<std::string>& out) {
    if (is_secret(value, name, member, shape)) return add_texts(value, out);
    if (const auto* map = value.map())
        for (const auto& [key, inner] : *map) {
            const auto* const of_key = member_of(shape, key);
            add_secrets(inner, key, of_key, shape_inside(shape, of_key), out);
        }
    if (const auto* list = value.list())
        for (const auto& inner : *list)
            add_secrets(inner, {}, shape != nullptr ? shape->element : nullptr, shape_inside(shape, nullptr), out);
}

void replace_all(std::string& text, std::string_view what) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + mask.size())) text.replace(at, what.size(), mask);
}

/// A text as it may stand in an answer: as it is, in JSON, in XML, in an address, in base64.
std::vector<std::string> spellings(const std::string& secret) {
    std::string xml;
    for (const char c : secret) xml += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '"' ? "&quot;" : std::string{c};
    auto json = is_utf8(secret) ? json_quoted(secret) : std::string{};
    if (json.size() > 2) json = json.substr(1, json.size() - 2);
    return {secret, json, xml, percent_encode(secret), base64_encode(secret)};
}

std::string shown_url_with_query(std::string_view url) {
    const auto question = url.find('?');
    if (question == std::string_view::npos) return std::string{url};
    std::string out{url.substr(0, question)};
    char separator = '?';
    for (const auto& part : split(url.substr(question + 1), '&')) {
        const auto name = std::string_view{part}.substr(0, part.find('='));
        const bool hidden = std::ranges::find(secret_parameters, lower(name)) != secret_parameters.end();
        out += separator + (hidden ? fmt::format("{}={}", name, mask) : part);
        separator = '&';
    }
    return out;
}

}  // namespace

bool sounds_secret(std::string_view name) {
    const auto plain = lower(name);
    return std::ranges::any_of(secret_words, [&](std::string_view word) { return plain.find(word) != std::string::npos; });
}

Value masked(const Value& value, const Shape* shape) { return masked_inside(value, {}, nullptr, shape); }

Redactor::Redactor(const Value& params, const Shape* shape) {
    std::vector<std::string> found;
    add_secrets(params, {}, nullptr, shape, found);
    for (const auto& secret : found) {
        if (secret.size() < shortest_redacted) continue;
        for (auto& spelling : spellings(secret))
            if (spelling.size() >= shortest_redacted) secrets_.push_back(std::move(spelling));
    }
    // The longest first, so that one secret inside another does not leave its rest behind.
    std::ranges::sort(secrets_, std::greater{}, &std::string::size);
}

std::string Redactor::redacted(std::string text) const {
    for (const auto& secret : secrets_) replace_all(text, secret);
    return text;
}

std::string shown_request(const wire::Request& request, const Redactor& redactor) {
    auto out = fmt::format("{} {}", request.method, shown_url_with_query(request.url));
    for (const auto& [name, value] : request.headers) {
        const bool hidden = std::ranges::find(secret_fields, lower(name)) != secret_fields.end();
        out += fmt::format("\n{}: {}", name, hidden ? mask : value);
    }
    if (!request.body_file.empty()) out += fmt::format("\n\n(content of {})", request.body_file);
    if (!request.body.empty())
        out += is_utf8(request.body) ? fmt::format("\n\n{}", request.body) : fmt::format("\n\n({} bytes)", request.body.size());
    return redactor.redacted(std::move(out));
}

}  // namespace strata::aws
