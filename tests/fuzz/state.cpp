#include <array>
#include <map>

#include "engine/base/json.hpp"
#include "engine/state/session.hpp"
#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

namespace {

/// Objects in memory, to be read only.
class HeldObjects final : public ObjectStore {
public:
    explicit HeldObjects(std::map<std::string, std::string> content) : content_{std::move(content)} {}

    std::string location(std::string_view name) const override { return "memory " + std::string{name}; }
    Result<std::vector<std::optional<Object>>> read(std::span<const std::string> names) override {
        std::vector<std::optional<Object>> found;
        for (const auto& name : names) {
            const auto at = content_.find(name);
            found.push_back(at != content_.end() ? std::optional{Object{at->second, "1"}} : std::nullopt);
        }
        return found;
    }
    Result<std::string> write(const std::string&, std::string_view, std::string_view) override { throw Broken{"reading writes nothing"}; }
    Status copy(const std::string&, const std::string&, std::string_view) override { throw Broken{"reading copies nothing"}; }
    Status remove(std::span<const std::string>) override { throw Broken{"reading removes nothing"}; }
    Result<std::vector<std::string>> list(const std::string& folder, const std::string& after) override {
        std::vector<std::string> names;
        for (const auto& [name, content] : content_)
            if (name.starts_with(folder + "/") && name > after) names.push_back(name);
        return names;
    }
    Result<std::vector<std::string>> folders() override { return std::vector<std::string>{"lake"}; }
    bool wants_probe() const override { return false; }

private:
    std::map<std::string, std::string> content_;
};

const SealKey& key() {
    static const SealKey made{"0123456789abcdef0123456789abcdef"};
    return made;
}

/// One stack's state as its two readers see it.
struct Opened {
    HeldObjects objects;
    StateStore store{objects, "lake"};
    Result<std::unique_ptr<StateSession>> session = StateSession::open(store, KeyRing{key()}, {.stack = "lake", .environment = "dev"});

    explicit Opened(std::map<std::string, std::string> content) : objects{std::move(content)} {}
};

std::string text_in(const Value& document, std::string_view name) {
    const auto* found = document.find(name);
    return std::string{found != nullptr ? found->text_or("") : ""};
}

std::uint64_t number_in(const Value& document, std::string_view name) {
    const auto* found = document.find(name);
    return found != nullptr ? static_cast<std::uint64_t>(found->integer_or(0)) : 0;
}

DocumentPlace place(std::string_view kind, const std::string& lineage, std::uint64_t serial) {
    return {.kind = kind, .stack = "lake", .environment = "dev", .lineage = lineage, .serial = serial};
}

/// How a session names the place of a document's secrets.
StateCodec codec_for(const DocumentPlace& at) { return StateCodec{key(), "secret\n" + at.text()}; }

/// `value` with each {"$seal": content} sealed, which an input cannot be: it does not know the key.
Value sealed(const Value& value, const StateCodec& codec) {
    if (const auto* items = value.list()) {
        ValueList out;
        for (const auto& item : *items) out.push_back(sealed(item, codec));
        return out;
    }
    const auto* members = value.map();
    if (members == nullptr) return value;
    if (const auto* content = value.find("$seal")) {
        auto plain = codec.decode(*content);
        return plain ? codec.encode(Value::secret(*std::move(plain))) : Value{};
    }
    std::vector<ValueMap::Entry> out;
    for (const auto& [name, member] : *members) out.emplace_back(name, sealed(member, codec));
    return ValueMap{std::move(out)};
}

/// What was sealed differs with every writing: it is opened, to compare.
Value unsealed(const Value& value, const StateCodec& codec) {
    if (const auto* items = value.list()) {
        ValueList out;
        for (const auto& item : *items) out.push_back(unsealed(item, codec));
        return out;
    }
    const auto* members = value.map();
    if (members == nullptr) return value;
    if (value.find("$secret") != nullptr) return codec.decode(value)->without_marks();
    std::vector<ValueMap::Entry> out;
    for (const auto& [name, member] : *members) out.emplace_back(name, unsealed(member, codec));
    return ValueMap{std::move(out)};
}

std::string shown(const State& state) {
    const StateCodec codec{key(), "to compare"};
    return to_json(unsealed(Value{codec.encode(state)}, codec));
}

void require_refused(const Error& error) {
    require_readable(error);
    require(error.kind == ErrorKind::state_unreadable, "state that cannot be read is called so");
}

void require_same_when_written(const StateSession& session) {
    const auto state = session.state();
    const auto again = session.read_document(session.recovery_document(), "again");
    require(again.ok() || !broken_invariant(state).empty(), "state that is sound can be written and read again");
    if (again) require(shown(*again) == shown(state), "state that is written reads as the same state");
}

/// Nobody without the key makes a document that opens.
void require_not_authentic(std::string_view input) {
    const Opened opened{{{"lake/snapshot.json", std::string{input}}}};
    require(!opened.session.ok(), "a document that was not written with the key does not open");
    require_refused(opened.session.error());
}

bool may_be_repeated(Mutation::Kind kind) {
    using enum Mutation::Kind;
    return kind != takeover && kind != update_begin && kind != update_end;
}

/// As a writer that was not sure would have it: each change made twice is each change made once.
void require_repeatable(const Value& records, const DocumentPlace& at) {
    State once;
    for (const auto& record : *records.list()) {
        const auto mutation = decode_mutation(codec_for(at), record);
        if (!mutation) return require_refused(mutation.error());
        apply(once, *mutation);
        if (!may_be_repeated(mutation->kind)) continue;
        auto twice = once;
        apply(twice, *mutation);
        require(shown(once) == shown(twice), "a change that is made twice is made once");
    }
}

}  // namespace

/// A snapshot, before it is authenticated.
void state_snapshot(std::string_view input) {
    require_not_authentic(input);
    const auto document = parse_json(input, "the input");
    if (!document || document->map() == nullptr) return;

    const auto at = place("snapshot", text_in(*document, "lineage"), number_in(*document, "serial"));
    const auto made = sealed(*document, codec_for(at));
    if (made.map() == nullptr) return;
    const Opened opened{{{"lake/snapshot.json", authenticated_json(key(), at, *made.map(), JsonStyle::indented)}}};
    if (opened.session) require_same_when_written(**opened.session);
    else require_refused(opened.session.error());
}

/// The records of a journal segment: a list of changes.
void state_journal(std::string_view input) {
    const auto records = parse_json(input, "the input", {.depth = 150});
    if (!records || records->list() == nullptr) return;

    const auto at = place("segment", "l", 1);
    const auto made = sealed(*records, codec_for(at));
    require_repeatable(made, at);
    const auto segment =
        authenticated_json(key(), at, {{"format", state_format}, {"lineage", "l"}, {"run", "r"}, {"records", made}}, JsonStyle::compact);
    const Opened opened{{{"lake/journal/000000000001.json", segment}}};
    if (opened.session) require_same_when_written(**opened.session);
    else require_refused(opened.session.error());
}

}  // namespace strata::fuzz
