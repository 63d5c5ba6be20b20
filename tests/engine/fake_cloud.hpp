#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "engine/deploy/provider_set.hpp"
#include "engine/model/stack.hpp"

namespace strata::fake {

/// An object that the fake service holds.
struct Object {
    std::string type;
    ValueMap properties;
    ValueMap outputs;
    std::string token;
    std::string instance = {};  ///< of the provider that made it
};

/// A cloud in memory with two kinds of things: `fake.Box` (a name, settings, tags, a wish "force" that only state
/// holds, a facet "lock" that is off and no longer absent once it was reset, and a set facet "rules") and `fake.Key` (the service chooses
/// its id; a change of `algorithm` replaces it). Not a mock of any real service: it stands for the provider side of the engine's contract
/// in the engine's own tests.
class Cloud {
public:
    std::map<std::string, Object> objects;
    std::vector<std::string> calls;                           ///< "create box-a", "update box-a lock" ...
    std::function<std::optional<Error>(const Step&)> refuse;  ///< asked before a change is made
    std::function<bool(const Step&)> lose_answer;             ///< made, but the answer is lost
    std::set<std::string> unreadable;                         ///< ids
    std::set<std::string> batched_read_misses;                ///< ids that only the direct read shows
    int keys_made = 0;
    std::map<std::string, Milliseconds> timeouts;  ///< by address, of steps that were given one
    int polls_needed = 0;                          ///< before a create is done
    int polls_to_change = 0;                       ///< before an update or delete of a core is
    bool poll_fails = false;
    bool ready = false;             ///< the next poll finds everything done
    std::set<std::string> pending;  ///< ids, as the read answers
    std::string account = "123456789012";
    std::map<std::string, std::string> regions;  ///< by instance; the others are "here"
    std::vector<std::string> changed_by;         ///< instances, one for each change that was asked for
    std::mutex mutex;
    std::size_t reads = 0;

    [[nodiscard]] std::vector<std::string> take_calls() { return std::exchange(calls, {}); }
};

extern const ResourceType box_type;
extern const ResourceType key_type;

ProviderKind kind(Cloud& cloud);

struct BoxArgs {
    Input<std::string> content{};
    Input<bool> force{};
    Input<bool> lock{};
    Input<std::string> name{};
    Input<std::string> password{};
    List<std::string> rules{};
    List<std::string> shelves{};
    Input<std::int64_t> size{};
    Map<std::string> tags{};
};

class Box : public Resource {
public:
    Box(const Scope& scope, std::string_view name, const BoxArgs& args, const Options& options = {},
        std::source_location where = std::source_location::current());
    [[nodiscard]] Output<std::string> id() const { return output<std::string>("Id"); }
    [[nodiscard]] Output<std::string> arn() const { return output<std::string>("Arn"); }
    [[nodiscard]] Output<std::string> etag() const { return output<std::string>("Etag"); }
};

struct KeyArgs {
    Input<std::string> algorithm{};
    Input<std::string> box{};
};

class Key : public Resource {
public:
    Key(const Scope& scope, std::string_view name, const KeyArgs& args, const Options& options = {},
        std::source_location where = std::source_location::current());
    [[nodiscard]] Output<std::string> id() const { return output<std::string>("Id"); }
};

/// A lookup of a "fake.Image", which finds what its arguments say, and as "Instance" who was asked; with `Missing` nothing.
Output<std::string> look_up(const Scope& scope, std::string_view output, ValueMap arguments, const LookupOptions& options = {},
                            std::source_location where = std::source_location::current());

}  // namespace strata::fake
