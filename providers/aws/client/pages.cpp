#include "providers/aws/client/pages.hpp"

#include <memory>
#include <set>

#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/base/text.hpp"
#include "providers/aws/model/path.hpp"

namespace strata::aws {

namespace {

constexpr int most_pages = 10'000;

bool is_true_value(const Value& value) {
    if (const auto* text = value.string()) return equal_ignoring_case(*text, "true");
    return value.boolean_or(false);
}

/// The value under a dotted name, made when it is not there; nullptr when something else stands in the way.
Value* place(Value& document, std::string_view path) {
    Value* at = &document;
    for (const auto& name : split(path, '.')) {
        if (at->is_null()) *at = ValueMap{};
        auto* const map = at->map();
        if (map == nullptr) return nullptr;
        at = &(*map)[name];
    }
    return at;
}

void add_to(Value& sum, Value more) {
    if (more.is_null()) return;
    if (sum.is_null()) {
        sum = std::move(more);
    } else if (auto* const list = sum.list()) {
        if (auto* const further = more.list())
            for (auto& item : *further) list->push_back(std::move(item));
    } else if (const auto* const number = sum.integer()) {
        sum = *number + more.integer_or(0);
    } else if (const auto* const text = sum.string()) {
        sum = *text + std::string{more.text_or("")};
    }
}

/// One paged call under way. Shared, because each page's callback holds it, and std::function must be copyable.
struct Walk {
    Client& client;
    Call call;
    Client::Done done;
    Value sum = {};
    int pages = 0;
    std::set<std::string> tokens_seen = {};
};

/// The tokens that ask for the next page; empty after the last one.
ValueList next_tokens(const Paginator& paginator, const Value& page) {
    if (!paginator.more_results.empty() && !is_true_value(look_up(page, paginator.more_results))) return {};
    ValueList tokens;
    bool any = false;
    for (const auto& path : paginator.output_token) {
        tokens.push_back(look_up(page, path));
        const auto* const text = tokens.back().string();
        any = any || (!tokens.back().is_null() && (text == nullptr || !text->empty()));
    }
    return any ? tokens : ValueList{};
}

Error endless(const Call& call, std::string_view why) {
    return Error{.kind = ErrorKind::protocol,
                 .summary = "Pages do not end",
                 .cause = fmt::format("{} {}: {}.", call.service->name, call.operation->name, why),
                 .remedy = "The service, or what stands in for it, is at fault; nothing can be done from here."};
}

void ask(const std::shared_ptr<Walk>& walk);

void on_page(const std::shared_ptr<Walk>& walk, Result<Value> answer) {
    if (!answer) return walk->done(std::move(answer));
    const auto& paginator = *walk->call.operation->paginator;
    const auto tokens = next_tokens(paginator, *answer);
    if (walk->pages == 1) {
        walk->sum = *std::move(answer);
        // The sum has no next page.
        for (const auto& token : paginator.output_token)
            if (auto* const map = walk->sum.map()) map->erase(token);
    } else {
        for (const auto& key : paginator.result_key)
            if (auto* const sum = place(walk->sum, key)) add_to(*sum, look_up(*answer, key));
    }
    if (tokens.empty()) return walk->done(std::move(walk->sum));
    if (!walk->tokens_seen.insert(to_json(tokens)).second) return walk->done(endless(walk->call, "the same page token came twice"));
    if (walk->pages >= most_pages) return walk->done(endless(walk->call, fmt::format("{} pages were read", most_pages)));

    auto* const params = walk->call.params.map();
    for (std::size_t i = 0; i < paginator.input_token.size() && i < tokens.size(); ++i) {
        if (tokens[i].is_null()) params->erase(paginator.input_token[i]);
        else params->set(paginator.input_token[i], tokens[i]);
    }
    ask(walk);
}

void ask(const std::shared_ptr<Walk>& walk) {
    ++walk->pages;
    walk->client.call(walk->call, [walk](Result<Value> answer) { on_page(walk, std::move(answer)); });
}

}  // namespace

void follow_pages(Client& client, Call call, Client::Done done) {
    if (call.operation == nullptr || call.operation->paginator == nullptr) return client.call(std::move(call), std::move(done));
    if (call.params.map() == nullptr) call.params = ValueMap{};
    ask(std::make_shared<Walk>(Walk{.client = client, .call = std::move(call), .done = std::move(done)}));
}

}  // namespace strata::aws
