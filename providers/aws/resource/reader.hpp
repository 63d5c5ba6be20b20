#pragma once

#include <deque>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/model/provider.hpp"
#include "providers/aws/resource/context.hpp"
#include "providers/aws/resource/read_session.hpp"

namespace strata::aws {

/// Looks at many things in few calls and tells what it saw, in the form in which programs set it.
class Reader {
public:
    /// Strata's own tags on a thing, beside what a read tells everybody.
    struct Seen {
        ReadResult result;
        ValueMap bookkeeping;
        bool usable = true;   ///< false: still listed, but being made, changed or deleted
        std::string failure;  ///< not empty: it ended in a failed state, for this reason
    };

    Reader(Client& client, const ProviderIdentity& identity) : identity_{identity}, session_{client} {}

    /// One entry per item, in order.
    std::vector<Seen> read(std::span<const ReadItem> items, ReadDepth depth);
    [[nodiscard]] std::size_t requests() const { return session_.requests(); }

private:
    /// One item on its way.
    struct Reading {
        const ReadItem* item = nullptr;
        const TypeDetail* detail = nullptr;
        bool batched = false;
        std::vector<const Value*> objects;  ///< per source; nullptr: not seen
        bool absent = false;
        std::optional<Error> error;
        ValueMap facets;
        std::optional<ValueMap> tags;
        std::string arn;
    };
    using Readings = std::vector<Reading*>;

    [[nodiscard]] Context context_of(const Reading& reading) const;
    [[nodiscard]] static std::span<const Source> sources_of(const Reading& reading);

    // What is asked for.
    void ask_core(const Readings& group);
    void ask_by_ids(const Readings& group, std::size_t source);
    void ask_in_chunks(const Readings& group, std::size_t source);
    void ask_ids(Readings chunk, std::size_t source);
    void ask_one(Reading& reading, std::size_t source);
    void ask_facets(Reading& reading);
    void ask_facet(Reading& reading, const FacetDetail& facet);
    void ask_entries(Reading& reading, const FacetDetail& facet, const Value& keys);
    void ask_tags(Reading& reading);
    void ask_tagging_api();

    // What came back.
    void take_object(Reading& reading, std::size_t source, const Result<Value>& answer);
    void find_object(Reading& reading, std::size_t source, const Result<Value>& answer);
    void take_chunk(const Readings& chunk, std::size_t source, const Result<Value>& answer);
    void take_facet(Reading& reading, const FacetDetail& facet, const Result<Value>& answer);
    void take_tags(Reading& reading, const Source& source, const Result<Value>& answer);
    /// True when the answer is an error, which is then noted.
    bool failed(Reading& reading, const Source& source, const Result<Value>& answer, bool absence_is_absent);
    const std::unordered_map<std::string, const Value*>& index_of(const Value& answer, const Source& source);

    // What it means.
    Seen assemble(Reading& reading);
    const Value& merged(const Reading& reading);
    void set_facet(Reading& reading, const FacetDetail& facet, const Value& raw);
    void set_from_core(Reading& reading, const Value& object);
    static void forgive_growth(const Reading& reading, Live& live);
    void fill_properties(const Reading& reading, Live& live);
    void fill_outputs(const Reading& reading, const Value& object, Live& live);
    void judge_state(const Reading& reading, const Value& object, Seen& seen, Live& live);

    ProviderIdentity identity_;
    std::deque<Value> store_;  ///< values that had to be made and are pointed at
    std::deque<Reading> readings_;
    std::map<std::pair<const Value*, const Source*>, std::unordered_map<std::string, const Value*>> indexes_;
    std::vector<Reading*> tag_queue_;
    ReadSession session_;  ///< last: its handlers use all of the above
};

}  // namespace strata::aws
