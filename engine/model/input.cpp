#include "engine/model/input.hpp"

#include <fmt/format.h>

namespace strata {

Slot::Slot(Value value, const std::source_location& where) : declared_{std::make_unique<Declared>()} {
    declared_->value = std::move(value);
    declared_->locations.add("", where);
}

Slot::Slot(Declared inner, const std::source_location& where) : declared_{std::make_unique<Declared>(std::move(inner))} {
    declared_->locations.add("", where);
}

void Slot::append(const Slot& item) {
    if (!item.set()) return;
    auto* items = declared_->value.list();
    declared_->locations.add_below(fmt::format("[{}]", items->size()), item.declared().locations);
    items->push_back(item.declared().value);
}

void Slot::put(std::string_view key, const Slot& item) {
    if (!item.set()) return;
    if (!declared_) declared_ = std::make_unique<Declared>(Declared{.value = ValueMap{}, .locations = {}});
    declared_->locations.add_below(key, item.declared().locations);
    declared_->value.map()->set(key, item.declared().value);
}

Declared gather(std::initializer_list<SlotMember> members, const Slot* additional) {
    Declared gathered{.value = ValueMap{}, .locations = {}};
    const auto put = [&](std::string_view name, const Value& value) { gathered.value.map()->set(name, value); };
    for (const auto& [name, slot] : members) {
        if (!slot->set()) continue;
        put(name, slot->declared().value);
        gathered.locations.add_below(name, slot->declared().locations);
    }
    if (additional == nullptr || !additional->set()) return gathered;
    for (const auto& [name, value] : *additional->declared().value.map()) put(name, value);
    gathered.locations.add_below("", additional->declared().locations);
    return gathered;
}

}  // namespace strata
