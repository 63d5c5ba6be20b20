#pragma once

#include <concepts>
#include <initializer_list>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/base/value.hpp"
#include "engine/model/declared.hpp"
#include "engine/model/output.hpp"

namespace strata {

/// Resets a property to the service's default: `.description = strata::reset`.
struct Reset {};
inline constexpr Reset reset{};

/// A list or map that is set, and empty: `.egress = strata::none`. (A bare `{}` means "not set".)
struct None {};
inline constexpr None none{};

/// A value of an enum that the pinned service model does not know yet: `.worker_type = enum_value("G.12X")`. Shown as unchecked.
struct EnumValue {
    std::string text;
};
inline EnumValue enum_value(std::string text) { return {std::move(text)}; }

/// Marks what a program holds as secret: `.password = strata::secret(password)`.
struct SecretText {
    std::string text;
};
inline SecretText secret(std::string text) { return {std::move(text)}; }

/// The one form in which every property of every argument struct is held: nothing (the program does
/// not set it), or a value with the places where it was written. Typed constructors on top check what
/// may be assigned; nothing typed is stored, so that a struct of a hundred members stays cheap to compile.
class Slot {
public:
    Slot() = default;
    Slot(const Slot& other) : declared_{other.declared_ ? std::make_unique<Declared>(*other.declared_) : nullptr} {}
    Slot(Slot&&) noexcept = default;
    Slot& operator=(const Slot& other) {
        if (this != &other) declared_ = other.declared_ ? std::make_unique<Declared>(*other.declared_) : nullptr;
        return *this;
    }
    Slot& operator=(Slot&&) noexcept = default;
    ~Slot() = default;

    [[nodiscard]] bool set() const { return declared_ != nullptr; }
    /// Only when set().
    [[nodiscard]] const Declared& declared() const { return *declared_; }

protected:
    /// g++ 12 gives the line of the whole statement for flags, for braces, and for what stands directly in a list's
    /// braces; the line is right for every other leaf.
    enum class Line : bool { exact, of_statement };

    Slot(Value value, const std::source_location& where, Line line = Line::exact);
    Slot(Declared inner, const std::source_location& where);
    /// @errors throws std::logic_error when this holds an output, to which nothing can be added
    void append(const Slot& item, Line line = Line::exact);
    void put(std::string_view key, const Slot& item);
    void mark_unchecked() { declared_->locations.add_unchecked(""); }

private:
    /// Holds `empty` where it held nothing, or reset.
    void start(Value empty);

    std::unique_ptr<Declared> declared_;
};

/// One member of a generated argument struct, by wire name; how `fields` hands them over.
struct SlotMember {
    std::string_view wire_name;
    const Slot* slot;
};
/// Gathers members that are set into one map. @param additional  escape hatch: members that the model does not know, by wire name
Declared gather(std::initializer_list<SlotMember> members, const Slot* additional = nullptr);

/// A generated structure: a non-template `Declared fields(const T&)` beside it gathers its members.
template <typename T>
concept Structure = std::is_class_v<T> && requires(const T& value) {
    { fields(value) } -> std::same_as<Declared>;
};
/// A generated enum: a non-template `std::string_view text_of(T)` beside it gives the wire text.
template <typename T>
concept WireEnum = std::is_enum_v<T> && requires(T value) {
    { text_of(value) } -> std::convertible_to<std::string_view>;
};

/// A property of type T: a plain value, an Output of one, a secret, or reset.
template <typename T>
class Input : public Slot {
public:
    using Where = std::source_location;

    Input() = default;
    Input(const Output<T>& output, Where where = Where::current()) : Slot{Value{output.reference()}, where} {}
    Input(Reset, Where where = Where::current()) : Slot{Value{}, where} {}

    Input(const char* text, Where where = Where::current())
        requires std::same_as<T, std::string>
        : Slot{Value{text}, where} {}
    Input(const std::string& text, Where where = Where::current())
        requires std::same_as<T, std::string>
        : Slot{Value{text}, where} {}
    Input(std::string_view text, Where where = Where::current())
        requires std::same_as<T, std::string>
        : Slot{Value{text}, where} {}
    Input(SecretText text, Where where = Where::current())
        requires std::same_as<T, std::string>
        : Slot{Value::secret(Value{std::move(text.text)}), where} {}
    template <std::same_as<bool> B>
    Input(B flag, Where where = Where::current())
        requires std::same_as<T, bool>
        : Slot{Value{flag}, where, Line::of_statement} {}
    template <std::integral I>
    Input(I number, Where where = Where::current())
        requires(std::same_as<T, std::int64_t> && !std::same_as<I, bool>)
        : Slot{Value{static_cast<std::int64_t>(number)}, where} {}
    template <typename N>
    Input(N number, Where where = Where::current())
        requires(std::same_as<T, double> && std::is_arithmetic_v<N> && !std::same_as<N, bool>)
        : Slot{Value{static_cast<double>(number)}, where} {}
    Input(const T& value, Where where = Where::current())
        requires WireEnum<T>
        : Slot{Value{text_of(value)}, where} {}
    Input(EnumValue value, Where where = Where::current())
        requires WireEnum<T>
        : Slot{Value{std::move(value.text)}, where} {
        mark_unchecked();
    }
    Input(const Output<std::string>& text, Where where = Where::current())
        requires WireEnum<T>
        : Slot{Value{text.reference()}, where} {}
    Input(const T& value, Where where = Where::current())
        requires Structure<T>
        : Slot{fields(value), where} {}
    Input(Value value, Where where = Where::current())
        requires std::same_as<T, Value>
        : Slot{std::move(value), where} {}
    template <typename U>
    Input(const Output<U>& output, Where where = Where::current())
        requires std::same_as<T, Value>
        : Slot{Value{output.reference()}, where} {}
    Input(const Asset& asset, Where where = Where::current())
        requires std::same_as<T, Bytes>
        : Slot{Value{asset}, where} {}
    Input(Bytes bytes, Where where = Where::current())
        requires std::same_as<T, Bytes>
        : Slot{Value{std::move(bytes)}, where} {}
};

/// A property that holds a list: `{a, b}`, a vector, or an Output of a whole vector.
template <typename T>
class List : public Slot {
public:
    using Where = std::source_location;

    List() = default;
    List(std::initializer_list<Input<T>> items, Where where = Where::current()) : Slot{Value{ValueList{}}, where, Line::of_statement} {
        for (const auto& item : items) append(item, Line::of_statement);
    }
    template <typename U>
    List(const std::vector<U>& items, Where where = Where::current())
        requires std::constructible_from<Input<T>, const U&, Where>
        : Slot{Value{ValueList{}}, where} {
        for (const auto& item : items) append(Input<T>{item, where});
    }
    List(const Output<std::vector<T>>& output, Where where = Where::current()) : Slot{Value{output.reference()}, where} {}
    List(Reset, Where where = Where::current()) : Slot{Value{}, where} {}
    List(None, Where where = Where::current()) : Slot{Value{ValueList{}}, where} {}

    /// One more item, for a list that is put together piece by piece.
    void add(const Input<T>& item) { append(item); }
};

/// A property that holds a map from text: `{{"env", "dev"}}`, or an Output of a whole map.
template <typename T>
class Map : public Slot {
public:
    using Where = std::source_location;
    /// An aggregate: a constructor would give its value the line of the whole statement, std::pair one of its own header.
    struct Entry {
        std::string key;
        Input<T> value;
    };

    Map() = default;
    Map(std::initializer_list<Entry> entries, Where where = Where::current()) : Slot{Value{ValueMap{}}, where, Line::of_statement} {
        for (const auto& [key, item] : entries) put(key, item);
    }
    template <typename Container>
    Map(const Container& entries, Where where = Where::current())
        requires requires {
            typename Container::mapped_type;
        } && std::constructible_from<Input<T>, const typename Container::mapped_type&, Where>
        : Slot{Value{ValueMap{}}, where} {
        for (const auto& [key, item] : entries) put(key, Input<T>{item, where});
    }
    Map(Reset, Where where = Where::current()) : Slot{Value{}, where} {}
    Map(None, Where where = Where::current()) : Slot{Value{ValueMap{}}, where} {}

    void set(std::string_view key, const Input<T>& item) { put(key, item); }
};

}  // namespace strata
