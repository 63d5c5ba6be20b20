#include <array>

#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

std::span<const Target> targets() {
    static constexpr std::array all = {
        Target{"answer_ec2", answer_ec2},
        Target{"answer_json", answer_json},
        Target{"answer_query", answer_query},
        Target{"answer_rest_json", answer_rest_json},
        Target{"answer_rest_xml", answer_rest_xml},
        Target{"config", config},
        Target{"config_edit", config_edit},
        Target{"credentials", credentials},
        Target{"date", date},
        Target{"encoding", encoding},
        Target{"json", json},
        Target{"model", model},
        Target{"path", path},
        Target{"profile", profile},
        Target{"saved_plan", saved_plan},
        Target{"scalar", scalar},
        Target{"state_journal", state_journal},
        Target{"state_snapshot", state_snapshot},
        Target{"url", url},
        Target{"xml", xml},
        Target{"yaml", yaml},
    };
    return all;
}

}  // namespace strata::fuzz
