#pragma once

#include <string>

#include "config/reader.hpp"

namespace every_type {

/// What the program declares this time. The rig deploys one version over another and kills the run that does it.
enum class Version {
    first,
    changed,   ///< the same things, changed in place
    replaced,  ///< properties that force replacement: some things come before their predecessor goes, some after
    less,      ///< what nothing else needs has left the program
};

struct Settings {
    Version version = Version::first;

    /// "one" and, in every other version than the first, "two": for values that shall differ.
    [[nodiscard]] std::string word() const { return version == Version::first ? "one" : "two"; }
    [[nodiscard]] bool changed() const { return version == Version::changed; }
    [[nodiscard]] bool replaced() const { return version == Version::replaced; }
    [[nodiscard]] bool less() const { return version == Version::less; }
};

inline Settings load_settings(strata::ConfigReader& config) {
    return {.version = config.choice<Version>(
                "version",
                {{"first", Version::first}, {"changed", Version::changed}, {"replaced", Version::replaced}, {"less", Version::less}})};
}

}  // namespace every_type
