#include "providers/aws/client/trace.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/base/clock.hpp"
#include "engine/base/encoding.hpp"
#include "engine/base/text.hpp"

namespace strata::aws {

namespace {

constexpr std::string_view mask = "(secret)";
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
// How the names of members end that hold what a service or a person calls things by, and what a service says of them.
constexpr std::array<std::string_view, 11> telling_ends = {"id",   "ids",   "arn",    "arns",    "name",  "names",
                                                           "type", "state", "status", "version", "region"};
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

bool names_things(std::string_view member) {
    const auto plain = lower(member);
    return plain != "externalid" && std::ranges::any_of(telling_ends, [&](std::string_view end) { return plain.ends_with(end); });
}

/// @param shown  the texts here are ids and the like
Value outlined_inside(const Value& value, bool shown, const Shape* shape) {
    if (const auto* text = value.string())
        return shown || *text == mask || parse_iso8601(*text) ? value : Value{fmt::format("({} characters)", text->size())};
    if (const auto* bytes = value.bytes()) return Value{fmt::format("({} bytes)", bytes->data.size())};
    if (const auto* map = value.map()) {
        ValueMap out;
        for (const auto& [key, inner] : *map) {
            // The keys of a map are anybody's words.
            const auto* const of_key = member_of(shape, key);
            out.set(key, outlined_inside(inner, of_key != nullptr && names_things(key), shape_inside(shape, of_key)));
        }
        return out;
    }
    if (const auto* list = value.list()) {
        ValueList out;
        for (const auto& inner : *list) out.push_back(outlined_inside(inner, shown, shape_inside(shape, nullptr)));
        return out;
    }
    return value;
}

void add_secrets(const Value& value, std::string_view name, const Member* member, const Shape* shape, KnownSecrets& out) {
    if (is_secret(value, name, member, shape)) return out.add_all(value);
    if (const auto* map = value.map())
        for (const auto& [key, inner] : *map) {
            const auto* const of_key = member_of(shape, key);
            add_secrets(inner, key, of_key, shape_inside(shape, of_key), out);
        }
    if (const auto* list = value.list())
        for (const auto& inner : *list)
            add_secrets(inner, {}, shape != nullptr ? shape->element : nullptr, shape_inside(shape, nullptr), out);
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

Value outlined(const Value& answer, const Shape* shape) { return outlined_inside(masked(answer, shape), false, shape); }

std::string Redactor::operator()(std::string_view text) const {
    if (!own_) {
        own_ = std::make_unique<KnownSecrets>();
        add_secrets(params_, {}, nullptr, shape_, *own_);
    }
    return known_.redacted(text, own_.get());
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
    return redactor(out);
}

}  // namespace strata::aws
