#include "tests/providers/aws/servers/emulator_process.hpp"

namespace strata::aws {

EmulatorProcess::EmulatorProcess(const std::vector<std::string>& options) {
    const std::string root = STRATA_SOURCE_DIR;
    std::vector<std::string> command = {root + "/.venv/bin/python", "-m", "strata_emulator", "--port", "0"};
    command.insert(command.end(), options.begin(), options.end());
    child_ = std::make_unique<wire::ChildProcess>(command, wire::ChildProcess::Variables{{"PYTHONPATH", root + "/providers/aws/emulator"}});
    // Each wait lasts ten seconds at most; a busy machine needs longer to import moto.
    std::string line;
    for (int i = 0; i < 6 && line.empty(); ++i) line = child_->wait_for_line("listening on ");
    const auto at = line.find("http://");
    if (at == std::string::npos) why_ = "the emulator did not start: " + line;
    else url_ = line.substr(at);
}

}  // namespace strata::aws
