#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace strata {

class Value;

/// A file or folder that a property carries by content: never inlined, compared by `sha256`.
struct Asset {
    std::string path;        ///< where the bytes are on this machine
    std::string sha256;      ///< 64 lower-case hex digits over the content (of a zip: of its entries)
    std::uint64_t size = 0;  ///< bytes
    friend bool operator==(const Asset& a, const Asset& b) { return a.sha256 == b.sha256; }
};

/// Raw bytes, kept apart from text because JSON has no such kind.
struct Bytes {
    std::string data;
    friend bool operator==(const Bytes&, const Bytes&) = default;
};

/// A use of another node's output before it is resolved; only inside a program's declarations.
struct Reference {
    std::uint32_t node = 0;  ///< index into the graph that made it
    friend bool operator==(const Reference&, const Reference&) = default;
};

/// A value that is known only after a step of the plan was carried out.
/// `source` says whose ("network/vpc.id"), for people.
struct Unknown {
    std::string source;
    friend bool operator==(const Unknown&, const Unknown&) = default;
};

/// Text keys in ascending byte order, so that two maps with equal content compare and print alike.
class ValueMap {
public:
    using Entry = std::pair<std::string, Value>;

    ValueMap();
    ValueMap(std::initializer_list<Entry> entries);
    /// Entries in any order; of a key given twice the last one counts. For many: setting them one by one moves, each time, all above it.
    explicit ValueMap(std::vector<Entry> entries);
    ValueMap(const ValueMap&);
    ValueMap(ValueMap&&) noexcept;
    ValueMap& operator=(const ValueMap&);
    ValueMap& operator=(ValueMap&&) noexcept;
    ~ValueMap();

    /// The value under `key`, or nullptr.
    [[nodiscard]] const Value* find(std::string_view key) const;
    [[nodiscard]] Value* find(std::string_view key);
    [[nodiscard]] bool contains(std::string_view key) const { return find(key) != nullptr; }
    /// The value under `key`, made null when it was not there.
    Value& operator[](std::string_view key);
    /// Sets or replaces.
    void set(std::string_view key, Value value);
    /// Takes the entry out; empty when it was not there.
    std::optional<Value> take(std::string_view key);
    void erase(std::string_view key);

    [[nodiscard]] std::size_t size() const;
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] const Entry* begin() const;
    [[nodiscard]] const Entry* end() const;
    [[nodiscard]] Entry* begin();
    [[nodiscard]] Entry* end();

    friend bool operator==(const ValueMap& a, const ValueMap& b);

private:
    std::vector<Entry> entries_;
};

using ValueList = std::vector<Value>;

/// What a property can hold. Null means "reset to the service's default"; a property that the program
/// never set is absent from its map instead. Unknown, Reference and secret may stand anywhere inside
/// lists and maps.
class Value {
public:
    enum class Kind : std::uint8_t { null, boolean, integer, real, string, bytes, list, map, asset, reference, unknown, secret };

    Value() = default;
    Value(std::nullptr_t) {}
    Value(bool value) : content_{value} {}
    Value(int value) : content_{static_cast<std::int64_t>(value)} {}
    Value(std::int64_t value) : content_{value} {}
    Value(double value) : content_{value} {}
    Value(const char* value) : content_{std::string{value}} {}
    Value(std::string value) : content_{std::move(value)} {}
    Value(std::string_view value) : content_{std::string{value}} {}
    Value(Bytes value) : content_{std::move(value)} {}
    Value(ValueList value) : content_{std::move(value)} {}
    Value(ValueMap value) : content_{std::move(value)} {}
    Value(Asset value) : content_{std::move(value)} {}
    Value(Reference value) : content_{value} {}
    Value(Unknown value) : content_{std::move(value)} {}
    Value(const Value& other);
    Value(Value&&) noexcept = default;
    Value& operator=(const Value& other);
    Value& operator=(Value&&) noexcept = default;
    ~Value() = default;

    static Value map(std::initializer_list<ValueMap::Entry> entries) { return ValueMap{entries}; }
    static Value list(std::initializer_list<Value> items) { return ValueList{items}; }
    /// Marks `inner` secret; a secret of a secret is one secret.
    static Value secret(Value inner);
    static Value unknown(std::string source) { return Unknown{std::move(source)}; }

    [[nodiscard]] Kind kind() const { return static_cast<Kind>(content_.index()); }
    [[nodiscard]] bool is(Kind wanted) const { return kind() == wanted; }
    [[nodiscard]] bool is_null() const { return is(Kind::null); }
    [[nodiscard]] bool is_secret() const { return is(Kind::secret); }

    // The content when it is of that kind, else nullptr. A secret must be revealed first.
    [[nodiscard]] const bool* boolean() const { return std::get_if<bool>(&content_); }
    [[nodiscard]] const std::int64_t* integer() const { return std::get_if<std::int64_t>(&content_); }
    [[nodiscard]] const double* real() const { return std::get_if<double>(&content_); }
    [[nodiscard]] const std::string* string() const { return std::get_if<std::string>(&content_); }
    [[nodiscard]] const Bytes* bytes() const { return std::get_if<Bytes>(&content_); }
    [[nodiscard]] const ValueList* list() const { return std::get_if<ValueList>(&content_); }
    [[nodiscard]] ValueList* list() { return std::get_if<ValueList>(&content_); }
    [[nodiscard]] const ValueMap* map() const { return std::get_if<ValueMap>(&content_); }
    [[nodiscard]] ValueMap* map() { return std::get_if<ValueMap>(&content_); }
    [[nodiscard]] const Asset* asset() const { return std::get_if<Asset>(&content_); }
    [[nodiscard]] const Reference* reference() const { return std::get_if<Reference>(&content_); }
    [[nodiscard]] const Unknown* unknown() const { return std::get_if<Unknown>(&content_); }

    /// The value itself, or what a secret holds. The only way into a secret.
    [[nodiscard]] const Value& revealed() const;
    /// A copy without any secret mark, at any depth; for the wire, never for an output.
    [[nodiscard]] Value without_marks() const;

    /// Member of a map (also of a secret map is NOT looked into); nullptr when absent or not a map.
    [[nodiscard]] const Value* find(std::string_view key) const;
    /// Text, or `otherwise` when this is no text.
    [[nodiscard]] std::string_view text_or(std::string_view otherwise) const;
    [[nodiscard]] std::int64_t integer_or(std::int64_t otherwise) const;
    [[nodiscard]] bool boolean_or(bool otherwise) const;

    /// True when `test` holds for this value or any value inside (secrets are entered).
    [[nodiscard]] bool any_inside(bool (*test)(const Value&)) const;
    [[nodiscard]] bool has_unknown() const;
    [[nodiscard]] bool has_reference() const;
    [[nodiscard]] bool has_secret() const;

    /// Structural equality. A secret equals a secret with equal content, never a plain value.
    /// An integer equals a real of the same number.
    friend bool operator==(const Value& a, const Value& b);

private:
    /// Owns the value behind a secret mark; a box, because a Value cannot hold itself.
    struct Sealed {
        std::unique_ptr<Value> inner;
        Sealed() = default;
        explicit Sealed(Value value);
        Sealed(const Sealed& other);
        Sealed(Sealed&&) noexcept = default;
        Sealed& operator=(const Sealed& other);
        Sealed& operator=(Sealed&&) noexcept = default;
        ~Sealed() = default;
    };

    std::variant<std::monostate, bool, std::int64_t, double, std::string, Bytes, ValueList, ValueMap, Asset, Reference, Unknown, Sealed>
        content_;
};

/// "text", "integer", "list" ...: as an error message names a kind to people.
std::string_view name_of(Value::Kind kind);

}  // namespace strata
