#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "engine/base/text.hpp"
#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::ec2 {

namespace {

/// Where an IpPermission keeps a rule's source: list, member of its items, member of the rule.
struct SourceForm {
    std::string_view list;
    std::string_view member;
    std::string_view rule_member;
};
constexpr std::array source_forms = {SourceForm{"IpRanges", "CidrIp", "CidrIpv4"}, SourceForm{"Ipv6Ranges", "CidrIpv6", "CidrIpv6"},
                                     SourceForm{"PrefixListIds", "PrefixListId", "PrefixListId"},
                                     SourceForm{"UserIdGroupPairs", "GroupId", "ReferencedGroupId"}};

/// IANA protocol numbers that EC2 answers by name (EC2 API reference, IpPermission).
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> protocol_names = {
    {{"6", "tcp"}, {"17", "udp"}, {"1", "icmp"}, {"58", "icmpv6"}, {"all", "-1"}}};

std::string text_of(const ValueMap& map, std::string_view name) {
    const auto* value = map.find(name);
    return std::string{value != nullptr ? value->revealed().text_or("") : ""};
}

void copy(const ValueMap& from, std::string_view name, ValueMap& to, std::string_view new_name) {
    if (const auto* value = from.find(name); value != nullptr && !value->is_null()) to.set(new_name, *value);
}

/// 10.0.0.1/16 -> 10.0.0.0/16; anything else stays.
std::string without_host_bits(const std::string& range) {
    const auto slash = range.find('/');
    const auto parts = split(range.substr(0, slash), '.');
    if (slash == std::string::npos || parts.size() != 4) return range;
    std::uint32_t address = 0;
    for (const auto& part : parts) {
        if (part.empty() || part.size() > 3 || part.find_first_not_of("0123456789") != std::string::npos) return range;
        address = address << 8U | static_cast<std::uint32_t>(std::stoul(part));
    }
    const auto digits = range.substr(slash + 1);
    if (digits.empty() || digits.size() > 2 || digits.find_first_not_of("0123456789") != std::string::npos) return range;
    const auto bits = std::min(std::stoul(digits), 32UL);
    const std::uint32_t mask = bits == 0 ? 0 : ~std::uint32_t{0} << (32 - bits);
    address &= mask;
    return fmt::format("{}.{}.{}.{}/{}", address >> 24U, (address >> 16U) & 255U, (address >> 8U) & 255U, address & 255U, bits);
}

Value permission_of(const ValueMap& rule) {
    ValueMap permission;
    for (const auto* name : {"FromPort", "IpProtocol", "ToPort"}) copy(rule, name, permission, name);
    for (const auto& form : source_forms) {
        if (text_of(rule, form.rule_member).empty()) continue;
        ValueMap source;
        copy(rule, form.rule_member, source, form.member);
        copy(rule, "Description", source, "Description");
        permission.set(form.list, Value::list({Value{std::move(source)}}));
    }
    return permission;
}

ValueList rules_of(const Value* permissions) {
    ValueList rules;
    if (permissions == nullptr || permissions->list() == nullptr) return rules;
    for (const auto& permission : *permissions->list())
        for (const auto& form : source_forms) {
            const auto* sources = permission.find(form.list);
            if (sources == nullptr || sources->list() == nullptr) continue;
            for (const auto& source : *sources->list()) {
                ValueMap rule;
                for (const auto* name : {"FromPort", "IpProtocol", "ToPort"}) copy(*permission.map(), name, rule, name);
                copy(*source.map(), form.member, rule, form.rule_member);
                copy(*source.map(), "Description", rule, "Description");
                rules.emplace_back(std::move(rule));
            }
        }
    return rules;
}

}  // namespace

/// A rule in the one form that EC2 answers: protocol by name, no ports where every one is meant, no host bits.
Value canonical_rules(const Value& value) {
    const auto* rules = value.list();
    if (rules == nullptr) return value;
    ValueList out;
    for (const auto& item : *rules) {
        const auto* given = item.revealed().map();
        if (given == nullptr) return value;
        ValueMap rule;
        for (const auto& [name, member] : *given)
            if (!member.is_null()) rule.set(name, member);
        auto protocol = lower(text_of(rule, "IpProtocol"));
        for (const auto& [number, name] : protocol_names)
            if (protocol == number) protocol = name;
        if (!protocol.empty()) rule.set("IpProtocol", Value{protocol});
        if (protocol == "-1") {
            rule.erase("FromPort");
            rule.erase("ToPort");
        }
        if (const auto range = text_of(rule, "CidrIpv4"); !range.empty()) rule.set("CidrIpv4", Value{without_host_bits(range)});
        if (text_of(rule, "Description").empty()) rule.erase("Description");
        out.emplace_back(std::move(rule));
    }
    return out;
}

Status rules_as_permissions(Caller& /*call*/, std::string_view /*operation*/, const Step& /*step*/, ValueMap& params) {
    auto* rules = params.find("IpPermissions");
    if (rules == nullptr || rules->list() == nullptr) return {};
    ValueList permissions;
    for (const auto& rule : *rules->list())
        if (rule.map() != nullptr) permissions.push_back(permission_of(*rule.map()));
    *rules = std::move(permissions);
    return {};
}

void permissions_as_rules(const Value& answer, const ProviderIdentity& /*identity*/, ValueMap& properties, ValueMap& /*outputs*/) {
    const auto set = [&](std::string_view property, std::string_view member) {
        auto rules = canonical_rules(Value{rules_of(answer.find(member))});
        properties.erase(property);
        if (!rules.list()->empty()) properties.set(property, std::move(rules));
    };
    set("Ingress", "IpPermissions");
    set("Egress", "IpPermissionsEgress");
}

/// Each rule names one source, and ports where its protocol has them.
void check_rules(const ValueMap& properties, const Provider::Report& report) {
    for (const auto* property : {"Ingress", "Egress"}) {
        const auto* value = properties.find(property);
        const auto* rules = value != nullptr ? value->list() : nullptr;
        for (std::size_t i = 0; rules != nullptr && i < rules->size(); ++i) {
            const auto* rule = (*rules)[i].map();
            if (rule == nullptr) continue;
            const auto path = fmt::format("{}[{}]", property, i);
            const auto sources =
                std::ranges::count_if(source_forms, [&](const SourceForm& form) { return rule->contains(form.rule_member); });
            if (sources != 1)
                report(path, fmt::format("A rule names one source, this one names {}.", sources),
                       "Set one of cidr_ipv4, cidr_ipv6, prefix_list_id, referenced_group_id; write one rule each.");
            const auto protocol = text_of(*rule, "IpProtocol");
            if ((protocol == "tcp" || protocol == "udp") && (!rule->contains("FromPort") || !rule->contains("ToPort")))
                report(path, fmt::format("A {} rule needs ports.", protocol), "Set `.from_port` and `.to_port`.");
        }
    }
}

}  // namespace strata::aws::hooks::ec2
