#include "engine/deploy/check_graph.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include "engine/base/encoding.hpp"
#include "engine/base/text.hpp"
#include "engine/plan/desired.hpp"

namespace strata {

namespace {

std::span<const PropertySchema> members_inside(const Schema* schema) {
    while (schema != nullptr && schema->members.empty()) schema = schema->element;
    return schema != nullptr ? schema->members : std::span<const PropertySchema>{};
}

/// "ContainerDefinitions[0].Memory" as a program writes it: " container_definitions[0].memory"; empty for the resource itself.
std::string shown_path(const ResourceType& type, std::string_view path) {
    std::string shown;
    if (path.empty()) return shown;
    auto members = type.properties;
    for (const auto& part : split(path, '.')) {
        const auto name = part.substr(0, part.find('['));
        const auto at = std::ranges::find(members, name, &PropertySchema::name);
        const bool known = at != members.end();
        shown += (shown.empty() ? " " : ".") + (known ? std::string{at->label} : name) + part.substr(name.size());
        members = known ? members_inside(at->schema) : std::span<const PropertySchema>{};
    }
    return shown;
}

void warn_of_unchecked(const ResourceDeclaration& declaration, Diagnostics& diagnostics) {
    for (const auto& path : declaration.locations.unchecked()) {
        const auto where = declaration.locations.find(path);
        diagnostics.warning({.kind = ErrorKind::invalid_program,
                             .summary = "Unchecked property",
                             .cause = fmt::format("{}: {} ({}){}: sent as it is.", where.text(), declaration.address,
                                                  declaration.type->name, shown_path(*declaration.type, path)),
                             .remedy = "It came through enum_value() or .additional; only the service will tell whether it is right.",
                             .location = where});
    }
}

/// What is not UTF-8 has no form in a request, and comes back as something else.
void check_text(const Value& value, const std::string& path, const Provider::Report& report) {
    const auto& shown = value.revealed();
    if (const auto* text = shown.string(); text != nullptr && !is_utf8(*text))
        report(path, "it is not UTF-8 text.", "Give it as UTF-8, or what is no text in base64.");
    if (const auto* items = shown.list())
        for (std::size_t i = 0; i < items->size(); ++i) check_text((*items)[i], fmt::format("{}[{}]", path, i), report);
    if (const auto* members = shown.map())
        for (const auto& [key, member] : *members) check_text(member, path.empty() ? key : fmt::format("{}.{}", path, key), report);
}

class Check {
public:
    Check(ProviderSet& providers, Diagnostics& diagnostics) : providers_{providers}, diagnostics_{diagnostics} {}

    void lookup(const LookupNode& node) {
        // One lookup has a node for each of its outputs.
        if (!lookups_.emplace(provider_of(node), node.declared_at.text()).second) return;
        static_cast<void>(usable(provider_of(node), fmt::format("The lookup of {}", node.kind), node.declared_at));
    }

    void resource(const ResourceDeclaration& declaration) {
        const auto* provider = usable(provider_of(declaration), declaration.address, declaration.declared_at);
        if (provider == nullptr) return;
        warn_of_unchecked(declaration, diagnostics_);
        const auto report = [&](std::string_view path, std::string message, std::string remedy) {
            if (declaration.locations.is_unchecked(path)) return;
            auto where = declaration.locations.find(path);
            if (!where.known()) where = declaration.declared_at;
            diagnostics_.error(Error{.kind = ErrorKind::invalid_program,
                                     .summary = "Invalid property",
                                     .cause = fmt::format("{}: {} ({}){}: {}", where.text(), declaration.address, declaration.type->name,
                                                          shown_path(*declaration.type, path), message),
                                     .remedy = std::move(remedy),
                                     .location = where});
        };
        for (const auto& [name, value] : declaration.properties) check_text(value, name, report);
        provider->check(*declaration.type, declaration.properties, report);
    }

private:
    /// nullptr when it cannot be used. That it is unknown is told at every use, why it cannot be made once.
    const Provider* usable(const std::string& instance, std::string_view user, const Location& where) {
        auto made = providers_.make(instance, user);
        if (made.ok()) return *made;
        auto error = std::move(made).error();
        const bool known = providers_.declares(instance);
        if (!known) error.location = where;
        if (!known || unusable_.insert(instance).second) diagnostics_.error(std::move(error));
        return nullptr;
    }

    ProviderSet& providers_;
    Diagnostics& diagnostics_;
    std::set<std::pair<std::string, std::string>> lookups_;
    std::set<std::string, std::less<>> unusable_;
};

}  // namespace

void check_graph(const Graph& graph, ProviderSet& providers, Diagnostics& diagnostics) {
    Check check{providers, diagnostics};
    for (const auto& node : graph.nodes())
        if (const auto* lookup = std::get_if<LookupNode>(&node)) check.lookup(*lookup);
    for (const auto& declaration : graph.resources()) check.resource(declaration);
}

}  // namespace strata
