#include <cctype>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/text.hpp"
#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::ecs {

namespace {

/// "1 vCPU" -> 1 for the unit "vcpu"; empty when the text has another form.
std::optional<double> number_with_unit(std::string_view text, std::string_view unit) {
    double number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc{}) return std::nullopt;
    auto rest = text.substr(static_cast<std::size_t>(end - text.data()));
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    return equal_ignoring_case(rest, unit) ? std::optional{number} : std::nullopt;
}

/// Both are counted in 1024ths and answered so (Amazon ECS API, RegisterTaskDefinition: cpu, memory).
Value in_1024ths(const Value& value, std::string_view unit) {
    const auto* text = value.string();
    const auto number = text != nullptr ? number_with_unit(*text, unit) : std::nullopt;
    return number ? Value{std::to_string(static_cast<std::int64_t>(*number * 1024))} : value;
}

}  // namespace

Value canonical_cpu(const Value& value) { return in_1024ths(value, "vCPU"); }
Value canonical_memory(const Value& value) { return in_1024ths(value, "GB"); }

}  // namespace strata::aws::hooks::ecs
