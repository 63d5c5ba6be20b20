#include <gtest/gtest.h>

#include "tests/cli/harness.hpp"

namespace strata::cli {
namespace {

class Rollback : public testing::Test, public Cli {
protected:
    void up(Declare program, const std::string& flags = "") {
        stacks.front().second = std::move(program);
        code = run("up shelf --yes" + flags);
        cloud.calls.clear();
    }
    Value property(const std::string& id, std::string_view name) {
        const auto* value = cloud.objects.at(id).properties.find(name);
        return value != nullptr ? *value : Value{};
    }
    std::string key_id() {
        for (const auto& [id, object] : cloud.objects)
            if (object.type == "fake.Key") return id;
        return "";
    }
    int code = 0;
};

TEST_F(Rollback, ReturnsAPropertyToItsValueOfBefore) {
    up(one_box("books"));
    up(one_box("tools"));

    EXPECT_EQ(run("rollback 2 --yes"), 0) << err();
    EXPECT_EQ(property("box-a", "Content"), Value("books"));
    EXPECT_NE(out().find("shelf is what it was before update 2."), std::string::npos) << out();
    run("state history");
    EXPECT_NE(out().find("rollback"), std::string::npos) << out();
}

TEST_F(Rollback, CanItselfBeRolledBack) {
    up(one_box("books"));
    up(one_box("tools"));
    run("rollback 2 --yes");
    EXPECT_EQ(run("rollback 3 --yes"), 0) << err();
    EXPECT_EQ(property("box-a", "Content"), Value("tools"));
}

TEST_F(Rollback, MakesAgainWhatWentAndDeletesWhatCame) {
    up([](Stack& stack) {
        const fake::Box one{stack, "one", {.content = "books", .name = "box-1"}};
        const fake::Box two{stack, "two", {.content = one.arn(), .name = "box-2"}};
    });
    up([](Stack& stack) { fake::Box{stack, "three", {.name = "box-3"}}; });

    EXPECT_EQ(run("rollback 2 --yes"), 0) << err();
    EXPECT_TRUE(cloud.objects.contains("box-1"));
    EXPECT_EQ(property("box-2", "Content"), *cloud.objects.at("box-1").outputs.find("Arn"));
    EXPECT_FALSE(cloud.objects.contains("box-3"));
    cloud.calls.clear();
    EXPECT_EQ(run("rollback 2 --yes"), 0) << err();
    EXPECT_TRUE(cloud.calls.empty());
}

// The service chooses a key's id: the user of one that was replaced gets the id of the one that comes back, not that of the first.
TEST_F(Rollback, LinksWhatIsMadeAnewByItsNewId) {
    const auto program = [](std::string algorithm) {
        return [algorithm = std::move(algorithm)](Stack& stack) {
            const fake::Key key{stack, "key", {.algorithm = algorithm}};
            const fake::Box user{stack, "user", {.content = concat({"key ", key.id(), " is it"}), .name = "box-1"}};
        };
    };
    up(program("rsa"));
    const auto first = key_id();
    up(program("ecdsa"));
    ASSERT_NE(key_id(), first);

    EXPECT_EQ(run("rollback 2 --yes"), 0) << err();
    EXPECT_NE(key_id(), first);
    EXPECT_EQ(property("box-1", "Content"), Value("key " + key_id() + " is it"));
    EXPECT_EQ(property(key_id(), "Algorithm"), Value("rsa"));
}

TEST_F(Rollback, SaysFirstWhatCannotBeBroughtBack) {
    up([](Stack& stack) { fake::Box{stack, "one", {.name = "box-1", .password = secret("sesame")}}; });
    up([](Stack&) {});

    EXPECT_EQ(run("rollback 2 --yes"), 0) << err();
    EXPECT_LT(out().find("Cannot be brought back:"), out().find("+ ")) << out();
    EXPECT_NE(out().find("one: the value of password is not kept; set it again."), std::string::npos) << out();
    EXPECT_EQ(out().find("sesame"), std::string::npos);
}

TEST_F(Rollback, LeavesAPasswordOfWhichOnlyAHashIsKept) {
    const auto program = [](std::string content) {
        return [content = std::move(content)](Stack& stack) {
            fake::Box{stack, "one", {.content = content, .name = "box-1", .password = secret("sesame")}};
        };
    };
    up(program("books"));
    up(program("tools"));
    EXPECT_EQ(run("rollback 2 --yes"), 0) << err();
    EXPECT_EQ(property("box-1", "Content"), Value("books"));
    EXPECT_EQ(out().find("Cannot be brought back"), std::string::npos) << out();
    stacks.front().second = program("books");
    EXPECT_EQ(run("preview --exit-code"), 0) << out();
}

TEST_F(Rollback, OfTheFirstUpdateTakesAllAway) {
    up(one_box());
    EXPECT_EQ(run("rollback 1 --yes"), 0) << err();
    EXPECT_TRUE(cloud.objects.empty());
}

TEST_F(Rollback, AsksAndChangesNothingWhenItIsDeclined) {
    up(one_box("books"));
    up(one_box("tools"));
    console.answers = {"no"};
    EXPECT_EQ(run("rollback 2"), 1);
    EXPECT_EQ(property("box-a", "Content"), Value("tools"));
}

TEST_F(Rollback, AsksForAnUpdateThatThereIs) {
    up(one_box());
    EXPECT_EQ(run("rollback 7 --yes"), 1);
    EXPECT_NE(err().find("shelf has no update 7"), std::string::npos) << err();
    EXPECT_EQ(run("rollback first --yes"), 1);
    stacks.emplace_back("cellar", [](Stack&) {});
    EXPECT_EQ(run("rollback 1 --yes"), 1);
    EXPECT_NE(err().find("--stack"), std::string::npos) << err();
}

TEST_F(Rollback, HappensByItselfWhenStepsFailAndItWasAskedFor) {
    up(one_box("books"));
    cloud.refuse = [](const Step& step) -> std::optional<Error> {
        if (step.address != "bad") return std::nullopt;
        return Error{.kind = ErrorKind::service, .summary = "No", .cause = "It will not.", .remedy = {}};
    };
    const auto failing = [](Stack& stack) {
        one_box("tools")(stack);
        fake::Box{stack, "good", {.name = "box-good"}};
        fake::Box{stack, "bad", {.name = "box-bad"}};
    };
    up(failing, " --on-failure rollback");

    EXPECT_EQ(code, 3);
    EXPECT_EQ(property("box-a", "Content"), Value("books"));
    EXPECT_FALSE(cloud.objects.contains("box-good"));
    EXPECT_NE(out().find("shelf is what it was before update 2."), std::string::npos) << out() << err();

    up(failing);
    EXPECT_EQ(code, 3);
    EXPECT_TRUE(cloud.objects.contains("box-good")) << "stop is the default";
}

}  // namespace
}  // namespace strata::cli
