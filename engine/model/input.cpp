#include "engine/model/input.hpp"

#include <stdexcept>

#include <fmt/format.h>

namespace strata {

Slot::Slot(Value value, const std::source_location& where, Line line) : declared_{std::make_unique<Declared>()} {
    declared_->value = std::move(value);
    declared_->locations.add("", where, line == Line::exact);
}

Slot::Slot(Declared inner, const std::source_location& where) : declared_{std::make_unique<Declared>(std::move(inner))} {
    declared_->locations.add("", where, false);
}

void Slot::append(const Slot& item, Line line) {
    if (!item.set()) return;
    start(ValueList{});
    auto* items = declared_->value.list();
    if (items == nullptr) throw std::logic_error{"an item was added to a list that is an output: only its maker can add to it"};
    declared_->locations.add_below(fmt::format("[{}]", items->size()), item.declared().locations, line == Line::exact);
    items->push_back(item.declared().value);
}

void Slot::start(Value empty) {
    if (!declared_) declared_ = std::make_unique<Declared>();
    if (declared_->value.is_null()) declared_->value = std::move(empty);
}

void Slot::put(std::string_view key, const Slot& item) {
    if (!item.set()) return;
    start(ValueMap{});
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
    for (const auto& [name, value] : *additional->declared().value.map()) {
        put(name, value);
        gathered.locations.add_unchecked(name);
    }
    gathered.locations.add_below("", additional->declared().locations);
    return gathered;
}

}  // namespace strata
