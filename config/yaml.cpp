#include "config/yaml.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <istream>
#include <map>
#include <optional>
#include <streambuf>
#include <tuple>
#include <utility>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "engine/base/encoding.hpp"
#include "engine/base/text.hpp"

namespace strata {

namespace {

constexpr auto invalid_yaml = "Configuration is not valid YAML";
constexpr auto too_large = "Configuration is too large";

/// How a callback stops the parser, which offers no other way; never leaves this source.
struct Refused {
    Error why;
};

Error mistake(std::string_view summary, const Location& place, std::string_view what, std::string remedy) {
    return Error{.kind = ErrorKind::invalid_config,
                 .summary = std::string{summary},
                 .cause = fmt::format("{}: {}", place.text(), what),
                 .remedy = std::move(remedy),
                 .location = place};
}

std::string_view line_of(std::string_view text, std::uint32_t number) {
    for (std::uint32_t line = 1; line < number; ++line) {
        const auto end = text.find('\n');
        if (end == std::string_view::npos) return {};
        text.remove_prefix(end + 1);
    }
    return text.substr(0, text.find('\n'));
}

/// How far the parser has read, and had when it last told of something.
struct Progress {
    std::size_t read = 0;  ///< bytes
    std::size_t told = 0;  ///< bytes
    Location place;        ///< of what it told
};

/// Hands the text to the parser piece by piece. The parser keeps what it has not told of yet, at some 250 bytes for each
/// bracket that only opens: so it is stopped when it reads on and on.
class GuardedText final : public std::streambuf {
public:
    GuardedText(std::string_view text, const YamlLimits& limits, Progress& progress) : text_{text}, limits_{limits}, progress_{progress} {}

protected:
    int_type underflow() override {
        const auto piece = text_.substr(progress_.read, piece_size);
        if (piece.empty()) return traits_type::eof();
        if (progress_.read - progress_.told > limits_.unbroken)
            throw Refused{mistake(too_large, progress_.place, fmt::format("no value ends within {} KB from here.", limits_.unbroken >> 10U),
                                  "Close what is open, or shorten the text.")};
        auto* const begin = const_cast<char*>(piece.data());  // a get area is never written to
        setg(begin, begin, begin + piece.size());
        progress_.read += piece.size();
        return traits_type::to_int_type(piece.front());
    }

private:
    static constexpr std::size_t piece_size = 2048;

    std::string_view text_;
    YamlLimits limits_;
    Progress& progress_;
};

/// Makes the tree from the parser's events, and keeps to the limits while it does.
class TreeBuilder final : public YAML::EventHandler {
public:
    TreeBuilder(std::string_view text, const std::string& file, const YamlLimits& limits, Progress& progress)
        : text_{text}, file_{file}, limits_{limits}, progress_{progress} {}

    void OnDocumentStart(const YAML::Mark& mark) override {
        if (documents_++ == 0) return;
        const auto place = at(mark);
        if (line_of(text_, place.line).starts_with("---"))
            refuse(invalid_yaml, place, "a second document begins here; a configuration file holds one.",
                   "Remove this line and what follows it.");
        refuse(invalid_yaml, place, "this does not continue the list or section above it.", "Check the indentation.");
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { leaf(node(ConfigNode::Kind::null, mark, "", anchor), anchor); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& text) override;

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value style) override {
        open(ConfigNode::Kind::list, mark, tag, anchor, style);
    }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value style) override {
        open(ConfigNode::Kind::map, mark, tag, anchor, style);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapEnd() override { close(); }

    [[nodiscard]] bool empty() const { return documents_ == 0 || root_.kind == ConfigNode::Kind::null; }
    [[nodiscard]] ConfigNode take() { return std::move(root_); }
    /// Where the innermost list or map that is still open began; empty when none is.
    [[nodiscard]] std::optional<Location> still_open() const {
        if (open_.empty()) return std::nullopt;
        return open_.back().node.place;
    }

private:
    /// A list or map that has not ended yet.
    struct Open {
        ConfigNode node;
        YAML::anchor_t anchor = 0;
        bool key_is_next = true;
        ConfigNode key = {};
        std::map<std::string, std::uint32_t, std::less<>> lines = {};  ///< of the keys so far
    };

    [[noreturn]] static void refuse(std::string_view summary, const Location& place, std::string_view what, std::string remedy) {
        throw Refused{mistake(summary, place, what, std::move(remedy))};
    }
    [[nodiscard]] Location at(const YAML::Mark& mark) const { return {file_, static_cast<std::uint32_t>(std::max(mark.line, 0) + 1)}; }

    ConfigNode node(ConfigNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const;
    void open(ConfigNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
              YAML::EmitterStyle::value style);
    void close();
    void leaf(ConfigNode made, YAML::anchor_t anchor);
    void attach(ConfigNode made);
    void take_key(Open& map, ConfigNode made);
    void spend(const ConfigNode& tree, std::size_t depth, const Location& place);

    std::string_view text_;
    const std::string& file_;
    YamlLimits limits_;
    Progress& progress_;
    ConfigNode root_;
    std::vector<Open> open_;
    std::map<YAML::anchor_t, ConfigNode> anchors_;
    std::size_t documents_ = 0;
    std::size_t nodes_ = 0;
    std::size_t bytes_ = 0;
};

void TreeBuilder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& text) {
    // yaml-cpp 0.7 turns these two into one byte each, which is no UTF-8; the file itself was looked at before.
    if (!is_utf8(text)) refuse(invalid_yaml, at(mark), "the escapes \\N and \\_ cannot be read.", "Write \\u0085 and \\u00a0 instead.");
    auto made = node(ConfigNode::Kind::scalar, mark, tag, anchor);
    made.text = text;
    made.quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
    made.sealed = tag == "!sealed";
    leaf(std::move(made), anchor);
}

void TreeBuilder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
    const auto place = at(mark);
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
        refuse(invalid_yaml, place, "an alias (*) stands inside the very value that it names.", "Write the value out.");

    spend(found->second, open_.size(), place);
    auto copy = found->second;
    copy.place = place;
    copy.column = static_cast<std::uint32_t>(mark.column + 1);
    attach(std::move(copy));
}

ConfigNode TreeBuilder::node(ConfigNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) const {
    const bool known = tag.empty() || tag == "?" || tag == "!" || tag == "tag:yaml.org,2002:str" || tag == "!sealed";
    const bool fits = kind == ConfigNode::Kind::scalar || tag.empty() || tag == "?" || tag == "!";
    if (!known || !fits) {
        const auto shown = tag.starts_with("tag:yaml.org,2002:") ? "!!" + tag.substr(18) : tag;
        refuse(invalid_yaml, at(mark), fmt::format("the tag {} has no meaning here.", shown), "Remove it.");
    }
    return ConfigNode{
        .kind = kind, .anchored = anchor != 0, .place = at(mark), .column = static_cast<std::uint32_t>(std::max(mark.column, 0) + 1)};
}

void TreeBuilder::open(ConfigNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) {
    auto made = node(kind, mark, tag, anchor);
    made.flow = style == YAML::EmitterStyle::Flow;
    spend(made, open_.size(), made.place);
    open_.push_back({.node = std::move(made), .anchor = anchor});
}

void TreeBuilder::close() {
    auto done = std::move(open_.back());
    open_.pop_back();
    if (done.anchor != 0) {
        spend(done.node, open_.size(), done.node.place);
        anchors_.insert_or_assign(done.anchor, done.node);
    }
    attach(std::move(done.node));
}

void TreeBuilder::leaf(ConfigNode made, YAML::anchor_t anchor) {
    spend(made, open_.size(), made.place);
    if (anchor != 0) {
        spend(made, open_.size(), made.place);
        anchors_.insert_or_assign(anchor, made);
    }
    attach(std::move(made));
}

void TreeBuilder::attach(ConfigNode made) {
    if (open_.empty()) {
        root_ = std::move(made);
        return;
    }
    auto& above = open_.back();
    if (above.node.kind == ConfigNode::Kind::map) {
        if (above.key_is_next) return take_key(above, std::move(made));
        above.key_is_next = true;
        made.key = std::move(above.key.text);
        made.key_line = above.key.place.line;
        made.key_column = above.key.column;
        // Without a value the parser's mark is that of whatever comes next.
        if (made.kind == ConfigNode::Kind::null) std::tie(made.place, made.column) = std::pair{above.key.place, above.key.column};
    }
    above.node.children.push_back(std::move(made));
}

void TreeBuilder::take_key(Open& map, ConfigNode made) {
    if (made.kind != ConfigNode::Kind::scalar || made.sealed)
        refuse(invalid_yaml, made.place, "the name of a setting must be text.", "Put it in quotes if it is meant so.");
    if (made.text == "<<" && !made.quoted)
        refuse(invalid_yaml, made.place, "merge keys (<<) are not part of YAML 1.2.", "Write the settings out.");
    const auto [first, is_new] = map.lines.emplace(made.text, made.place.line);
    if (!is_new)
        refuse("Setting given twice", made.place, fmt::format("\"{}\" is set in line {} already.", made.text, first->second),
               "Remove one of the two.");
    map.key = std::move(made);
    map.key_is_next = false;
}

/// Counts `tree` against the limits as if it stood `depth` levels deep.
void TreeBuilder::spend(const ConfigNode& tree, std::size_t depth, const Location& place) {
    progress_.told = progress_.read;
    progress_.place = place;
    const bool nests = tree.kind == ConfigNode::Kind::list || tree.kind == ConfigNode::Kind::map;
    if (nests && depth >= limits_.depth)
        refuse(too_large, place, fmt::format("lists and maps nest deeper than {} levels.", limits_.depth), "Flatten them.");
    bytes_ += tree.text.size() + tree.key.size();
    if (++nodes_ > limits_.nodes)
        refuse(too_large, place, fmt::format("more than {} values, counting what aliases repeat.", limits_.nodes),
               "Remove what is not configuration.");
    if (bytes_ > limits_.expanded)
        refuse(too_large, place, fmt::format("more than {} MB of text, counting what aliases repeat.", limits_.expanded >> 20U),
               "Remove what is not configuration.");
    for (const auto& child : tree.children) spend(child, depth + 1, place);
}

struct Explanation {
    std::string_view said;  ///< by yaml-cpp
    std::string_view what;
    std::string_view remedy;
};

constexpr auto indentation = "Check the indentation of this line and of the one above, and put text that holds \": \" in quotes.";

/// What yaml-cpp's words mean to the person who wrote the file; nullptr for words that speak for themselves.
const Explanation* explanation_of(std::string_view said) {
    static const std::array explanations = {
        Explanation{YAML::ErrorMsg::MAP_VALUE, "a \":\" stands where no setting can begin.", indentation},
        Explanation{YAML::ErrorMsg::MAP_KEY, "a setting cannot begin here.", indentation},
        Explanation{YAML::ErrorMsg::END_OF_MAP, "this does not continue the section above it.", indentation},
        Explanation{YAML::ErrorMsg::END_OF_SEQ, "this does not continue the list above it.", indentation},
        Explanation{YAML::ErrorMsg::BLOCK_ENTRY, "a list item cannot begin here.", indentation},
        Explanation{YAML::ErrorMsg::END_OF_SEQ_FLOW, "the list that opens here with [ is not closed.", "Add the missing ] or comma."},
        Explanation{YAML::ErrorMsg::END_OF_MAP_FLOW, "the map that opens here with { is not closed.", "Add the missing } or comma."},
        Explanation{YAML::ErrorMsg::FLOW_END, "a ] or } closes nothing.", "Remove it, or put the text in quotes."},
        Explanation{YAML::ErrorMsg::EOF_IN_SCALAR, "the file ends inside quoted text.", "Add the missing quote."},
        Explanation{YAML::ErrorMsg::UNKNOWN_TOKEN, "text cannot begin with this character.", "Put the text in quotes."},
        Explanation{YAML::ErrorMsg::UNKNOWN_ANCHOR, "the alias (*) names no anchor (&) above it.",
                    "Define the anchor first, or put the text in quotes."},
        Explanation{YAML::ErrorMsg::ALIAS_NOT_FOUND, "text cannot begin with *.", "Put the text in quotes."},
        Explanation{YAML::ErrorMsg::ANCHOR_NOT_FOUND, "text cannot begin with &.", "Put the text in quotes."},
    };
    const auto* const found = std::ranges::find(explanations, said, &Explanation::said);
    return found == explanations.end() ? nullptr : found;
}

Error explained(const YAML::Exception& failure, std::string_view text, const std::string& file, const std::optional<Location>& open) {
    Location place{file, static_cast<std::uint32_t>(std::max(failure.mark.line, 0) + 1)};
    const auto line = line_of(text, place.line);
    if (line.substr(0, line.find_first_not_of(" \t")).find('\t') != std::string_view::npos)
        return mistake(invalid_yaml, place, "the line is indented with a tab.", "Indent with spaces.");

    const bool unclosed = failure.msg == YAML::ErrorMsg::END_OF_SEQ_FLOW || failure.msg == YAML::ErrorMsg::END_OF_MAP_FLOW;
    if (unclosed && open) place = *open;
    if (const auto* known = explanation_of(failure.msg)) return mistake(invalid_yaml, place, known->what, std::string{known->remedy});
    return mistake(invalid_yaml, place, failure.msg + ".", "");
}

/// What can be said before parsing: size, encoding, characters that YAML does not allow (YAML 1.2.2 section 5.1).
std::optional<Error> unreadable(std::string_view text, const std::string& file, const YamlLimits& limits) {
    if (text.size() > limits.bytes)
        return mistake(too_large, {file, 0}, fmt::format("more than {} bytes.", limits.bytes), "Remove what is not configuration.");
    std::uint32_t number = 0;
    while (!text.empty()) {
        ++number;
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (!is_utf8(line)) return mistake(invalid_yaml, {file, number}, "the line is not UTF-8 text.", "Save the file as UTF-8.");
        const auto control = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7F; };
        if (std::ranges::any_of(line, control))
            return mistake(invalid_yaml, {file, number}, "the line holds a control character.", "Remove it.");
    }
    return std::nullopt;
}

template <typename Node>
Node* find_in(Node& map, std::string_view name) {
    if (map.kind != ConfigNode::Kind::map) return nullptr;
    const auto found = std::ranges::find(map.children, name, &ConfigNode::key);
    return found == map.children.end() ? nullptr : &*found;
}

}  // namespace

const ConfigNode* ConfigNode::find(std::string_view name) const { return find_in(*this, name); }
ConfigNode* ConfigNode::find(std::string_view name) { return find_in(*this, name); }

Result<ConfigNode> parse_yaml(std::string_view text, const std::string& file, const YamlLimits& limits) {
    if (auto mistake_found = unreadable(text, file, limits)) return *std::move(mistake_found);

    Progress progress{.place = {file, 1}};
    TreeBuilder builder{text, file, limits, progress};
    try {
        GuardedText buffer{text, limits, progress};
        std::istream in{&buffer};
        YAML::Parser parser{in};
        while (parser.HandleNextDocument(builder)) {
        }
    } catch (Refused& refused) {
        return std::move(refused.why);
    } catch (const YAML::Exception& failure) {
        return explained(failure, text, file, builder.still_open());
    }
    if (builder.empty()) return mistake("Configuration is empty", {file, 0}, "nothing is set.", "");
    return builder.take();
}

}  // namespace strata
