#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "engine/base/error.hpp"

namespace strata::fuzz {

/// Something that must hold for every input does not hold for this one.
class Broken final : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

/// @throws Broken, saying `what`, unless `holds`
void require(bool holds, const std::string& what);

/// Every error says what is wrong, and what and where this time. @throws Broken
void require_readable(const Error& error);

/// True when nothing in `text` but line ends controls a terminal. The command line sees to that for every error that it shows
/// (cli::harmless); who quotes nothing but an answer does so itself.
bool is_printable(std::string_view text);

// One reader each, with all that must hold of it whatever the input. @throws Broken
void answer_ec2(std::string_view input);
void answer_json(std::string_view input);
void answer_query(std::string_view input);
void answer_rest_json(std::string_view input);
void answer_rest_xml(std::string_view input);
void config(std::string_view input);
void config_edit(std::string_view input);
void credentials(std::string_view input);
void date(std::string_view input);
void encoding(std::string_view input);
void json(std::string_view input);
void model(std::string_view input);
void path(std::string_view input);
void profile(std::string_view input);
void saved_plan(std::string_view input);
void scalar(std::string_view input);
void state_journal(std::string_view input);
void state_snapshot(std::string_view input);
void url(std::string_view input);
void xml(std::string_view input);
void yaml(std::string_view input);

struct Target {
    std::string_view name;  ///< also of its folder below corpus/
    void (*run)(std::string_view input);
};
/// All of the above, by name.
std::span<const Target> targets();

}  // namespace strata::fuzz
