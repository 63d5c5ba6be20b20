#include "engine/base/known_secrets.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstring>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/base/spellings.hpp"

namespace strata {

namespace {

constexpr std::string_view mask = "(secret)";
constexpr std::string_view withheld = "(withheld: it holds part of a secret)";

/// Of a document that is secret as a whole, shorter texts are rather its words than what it hides.
constexpr std::size_t shortest_of_document = 8;

template <typename Number>
Number number_at(std::string_view text, std::size_t at) {
    Number number = 0;
    std::memcpy(&number, text.data() + at, sizeof number);
    return number;
}

std::uint64_t mixed(std::uint64_t number) {
    // The finaliser of MurmurHash3.
    number ^= number >> 33U;
    number *= 0xff51afd7ed558ccdULL;
    number ^= number >> 33U;
    number *= 0xc4ceb9fe1a85ec53ULL;
    return number ^ number >> 33U;
}

/// Of the `telling` bytes at `at`. Two runs with the same number are taken for the same.
std::uint64_t run_at(std::string_view text, std::size_t at) {
    static_assert(KnownSecrets::telling == sizeof(std::uint64_t) + sizeof(std::uint32_t));
    return mixed(number_at<std::uint64_t>(text, at)) ^ number_at<std::uint32_t>(text, at + sizeof(std::uint64_t));
}

void add_texts(const Value& value, std::vector<std::string>& out) {
    const auto& plain = value.revealed();
    if (const auto* text = plain.string()) out.push_back(*text);
    if (const auto* bytes = plain.bytes()) out.push_back(bytes->data);
    if (const auto* list = plain.list())
        for (const auto& inner : *list) add_texts(inner, out);
    if (const auto* map = plain.map())
        for (const auto& [key, inner] : *map) add_texts(inner, out);
}

/// A text that is a JSON object or array; a document of a few secrets is secret as a whole.
std::optional<Value> document_in(const std::string& text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos || (text[begin] != '{' && text[begin] != '[')) return std::nullopt;
    auto parsed = parse_json(text, "a secret");
    if (!parsed || (parsed->map() == nullptr && parsed->list() == nullptr)) return std::nullopt;
    return std::move(*parsed);
}

/// The parts of a secret that give it away. Of an address that is one for its password, the host is not among them, nor of an ARN what
/// comes before its own part: every message has such.
std::vector<std::string> telling_parts(const std::string& secret) {
    if (secret.starts_with("arn:")) {
        std::size_t at = 0;
        for (int i = 0; i < 5 && at != std::string::npos; ++i) at = secret.find(':', at + (i > 0 ? 1 : 0));
        return {at == std::string::npos ? secret : secret.substr(at)};
    }
    const auto scheme = secret.find("://");
    if (scheme == std::string::npos || secret.find_first_of(" \t\r\n") != std::string::npos) return {secret};
    const auto begin = scheme + 3;
    const auto user_end = secret.rfind('@');  // a password may hold anything
    const auto host = user_end == std::string::npos || user_end < begin ? begin : user_end + 1;
    const auto is_of_host = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' || c == ':'; };
    const auto host_end = std::ranges::find_if_not(secret.begin() + static_cast<std::ptrdiff_t>(host), secret.end(), is_of_host);
    return {secret.substr(0, scheme), secret.substr(begin, host - begin), std::string{host_end, secret.end()}};
}

using Spans = std::vector<std::pair<std::size_t, std::size_t>>;  // begin, end

/// What overlaps or touches becomes one mask.
std::string masked(std::string_view text, Spans spans) {
    std::ranges::sort(spans);
    std::string out;
    std::size_t done = 0;
    for (std::size_t i = 0; i < spans.size();) {
        const auto begin = spans[i].first;
        auto end = spans[i].second;
        for (++i; i < spans.size() && spans[i].first <= end; ++i) end = std::max(end, spans[i].second);
        out += text.substr(done, begin - done);
        out += mask;
        done = end;
    }
    return out + std::string{text.substr(done)};
}

}  // namespace

/// Finds spellings by their first four bytes, and parts of secrets by the number of each run of `telling` bytes.
class KnownSecrets::Search {
public:
    void add(std::vector<std::string>& fresh) {
        std::vector<std::pair<std::string, Value>> documents;
        for (auto& secret : fresh) {
            if (auto document = document_in(secret)) documents.emplace_back(std::move(secret), *std::move(document));
            else add_secret(secret);
        }
        fresh.clear();
        // Last, when what they were made of is known.
        for (const auto& [text, document] : documents) add_document(text, document);
    }

    void find(std::string_view text, Spans& out) const {
        if (text.size() < shortest || spellings_.empty()) return;
        for (std::size_t at = 0; at + shortest <= text.size(); ++at) {
            const auto start = number_at<std::uint32_t>(text, at);
            if (!starts_seen_[mixed(start) % starts_seen_.size()]) continue;
            const auto found = by_start_.find(start);
            if (found == by_start_.end()) continue;
            std::size_t longest = 0;
            for (const auto index : found->second)
                if (spellings_[index].size() > longest && text.substr(at).starts_with(spellings_[index]))
                    longest = spellings_[index].size();
            if (longest > 0) out.emplace_back(at, at + longest);
        }
    }

    [[nodiscard]] bool finds_part(std::string_view text) const {
        if (runs_.empty()) return false;
        for (std::size_t at = 0; at + telling <= text.size(); ++at) {
            const auto run = run_at(text, at);
            if (runs_seen_[run % runs_seen_.size()] && runs_.contains(run)) return true;
        }
        return false;
    }

private:
    void add_spellings(const std::string& secret) {
        for (auto& spelling : spellings(secret)) {
            if (spelling.size() < shortest) continue;
            const auto start = number_at<std::uint32_t>(spelling, 0);
            starts_seen_[mixed(start) % starts_seen_.size()] = true;
            by_start_[start].push_back(spellings_.size());
            spellings_.push_back(std::move(spelling));
        }
    }

    void add_secret(const std::string& secret) {
        add_spellings(secret);
        for (const auto& part : telling_parts(secret))
            if (part.size() >= telling) add_runs(part);
    }

    void add_runs(const std::string& part) {
        for (const auto& form : fragments(part))
            for (std::size_t at = 0; at + telling <= form.size(); ++at) {
                const auto run = run_at(form, at);
                runs_seen_[run % runs_seen_.size()] = true;
                runs_.insert(run);
            }
    }

    /// Its parts are mostly words that stand in every such document. Where it holds secrets that are known, those are what it hides;
    /// where it holds none, any of its texts may be one.
    void add_document(const std::string& text, const Value& document) {
        std::vector<std::string> texts;
        add_texts(document, texts);
        const bool is_made_of_known = std::ranges::any_of(texts, [&](const std::string& one) {
            Spans spans;
            find(one, spans);
            return std::ranges::any_of(spans, [](const auto& span) { return span.second - span.first >= shortest_of_document; });
        });
        add_spellings(text);
        if (is_made_of_known) return;
        for (const auto& one : texts)
            if (one.size() >= shortest_of_document) add_secret(one);
    }

    std::deque<std::string> spellings_;
    std::unordered_map<std::uint32_t, std::vector<std::size_t>> by_start_;
    std::unordered_set<std::uint64_t> runs_;
    // What is surely in none of the above is so at a glance.
    std::vector<bool> starts_seen_ = std::vector<bool>(std::size_t{1} << 16U);
    std::vector<bool> runs_seen_ = std::vector<bool>(std::size_t{1} << 20U);
};

KnownSecrets::KnownSecrets() = default;
KnownSecrets::~KnownSecrets() = default;

void KnownSecrets::add(std::string_view secret) {
    if (secret.size() < shortest) return;
    const std::scoped_lock hold{mutex_};
    if (const auto [at, is_new] = known_.emplace(secret); is_new) fresh_.push_back(*at);
}

void KnownSecrets::add_all(const Value& value) {
    std::vector<std::string> texts;
    add_texts(value, texts);
    for (const auto& text : texts) add(text);
}

void KnownSecrets::add_marked(const Value& value) {
    if (value.is_secret()) return add_all(value);
    if (const auto* list = value.list())
        for (const auto& inner : *list) add_marked(inner);
    if (const auto* map = value.map()) add_marked(*map);
}

void KnownSecrets::add_marked(const ValueMap& values) {
    for (const auto& [key, inner] : values) add_marked(inner);
}

const KnownSecrets::Search* KnownSecrets::search() const {
    if (known_.empty()) return nullptr;
    if (!search_) search_ = std::make_unique<Search>();
    if (!fresh_.empty()) search_->add(fresh_);
    return search_.get();
}

std::string KnownSecrets::redacted(std::string_view text, const KnownSecrets* besides) const {
    Spans spans;
    for (const auto* secrets : {this, besides}) {
        if (secrets == nullptr) continue;
        const std::scoped_lock hold{secrets->mutex_};
        if (const auto* search = secrets->search()) search->find(text, spans);
    }
    auto out = masked(text, std::move(spans));
    for (const auto* secrets : {this, besides}) {
        if (secrets == nullptr) continue;
        const std::scoped_lock hold{secrets->mutex_};
        if (const auto* search = secrets->search(); search != nullptr && search->finds_part(out)) return std::string{withheld};
    }
    return out;
}

}  // namespace strata
