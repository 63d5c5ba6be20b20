#include "components/network.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "tests/components/declared_stack.hpp"

namespace components {
namespace {

using Texts = std::vector<std::string>;

/// A network and what it declares.
struct Made : DeclaredStack {
    explicit Made(const NetworkArgs& args) : network{stack, "network", args} {}
    Network network;
};

bool has(DeclaredStack& declared, const std::string& resource) {
    const auto found = declared.resources();
    return std::ranges::find(found, resource) != found.end();
}

TEST(Network, DeclaresSubnetsWaysOutAndGroupsWithoutBeingAsked) {
    Made made{{.cidr = "10.0.0.0/16"}};

    EXPECT_EQ(made.mistakes(), Texts{});
    EXPECT_EQ(made.resources(), (Texts{"network/vpc: aws.ec2.Vpc",
                                       "network/alb-group: aws.ec2.SecurityGroup",
                                       "network/server-group: aws.ec2.SecurityGroup",
                                       "network/workers-group: aws.ec2.SecurityGroup",
                                       "network/tasks-group: aws.ec2.SecurityGroup",
                                       "network/database-group: aws.ec2.SecurityGroup",
                                       "network/files-group: aws.ec2.SecurityGroup",
                                       "network/cache-group: aws.ec2.SecurityGroup",
                                       "network/endpoints-group: aws.ec2.SecurityGroup",
                                       "network/default-group: aws.ec2.DefaultSecurityGroup",
                                       "network/public-a: aws.ec2.Subnet",
                                       "network/private-a: aws.ec2.Subnet",
                                       "network/public-b: aws.ec2.Subnet",
                                       "network/private-b: aws.ec2.Subnet",
                                       "network/internet: aws.ec2.InternetGateway",
                                       "network/public-routes: aws.ec2.RouteTable",
                                       "network/nat-address-a: aws.ec2.Eip",
                                       "network/nat-a: aws.ec2.NatGateway",
                                       "network/private-routes-a: aws.ec2.RouteTable",
                                       "network/private-routes-b: aws.ec2.RouteTable"}));
    EXPECT_EQ(made.properties("network/vpc"),
              R"({"CidrBlock":"10.0.0.0/16","EnableDnsHostnames":true,"EnableDnsSupport":true,"Tags":{"Name":"network"}})");
}

TEST(Network, GivesEachSubnetASixteenthOfTheNetworkInItsZone) {
    struct Row {
        const char* network;
        const char* public_a;
        const char* private_b;
    };
    for (const auto& row : {Row{"10.0.0.0/16", "10.0.0.0/20", "10.0.144.0/20"}, Row{"172.16.32.0/20", "172.16.32.0/24", "172.16.41.0/24"},
                            Row{"192.168.128.0/18", "192.168.128.0/22", "192.168.164.0/22"}}) {
        Made made{{.cidr = row.network}};
        EXPECT_EQ(made.mistakes(), Texts{}) << row.network;
        EXPECT_EQ(made.property("network/public-a", "CidrBlock"), '"' + std::string{row.public_a} + '"');
        EXPECT_EQ(made.property("network/private-b", "CidrBlock"), '"' + std::string{row.private_b} + '"');
        EXPECT_EQ(made.property("network/private-b", "AvailabilityZone"), R"("ca-central-1b")");
    }
}

TEST(Network, SendsPrivateSubnetsOutThroughOneGatewayOrOneAZoneOrNone) {
    Made single{{.cidr = "10.0.0.0/16", .nat = NatPlacement::single}};
    Made per_zone{{.cidr = "10.0.0.0/16", .nat = NatPlacement::per_zone}};
    Made none{{.cidr = "10.0.0.0/16", .nat = NatPlacement::none}};

    EXPECT_EQ(single.property("network/private-routes-b", "Routes"),
              R"([{"DestinationCidrBlock":"0.0.0.0/0","NatGatewayId":"${network/nat-a.Id}"}])");
    EXPECT_EQ(per_zone.property("network/private-routes-b", "Routes"),
              R"([{"DestinationCidrBlock":"0.0.0.0/0","NatGatewayId":"${network/nat-b.Id}"}])");
    EXPECT_EQ(none.property("network/private-routes-b", "Routes"), "");
    EXPECT_FALSE(has(none, "network/nat-a: aws.ec2.NatGateway"));
    EXPECT_EQ(none.property("network/public-routes", "Routes"),
              R"([{"DestinationCidrBlock":"0.0.0.0/0","GatewayId":"${network/internet.Id}"}])");
}

TEST(Network, MakesGatewaysOnlyOnceTheInternetCanBeReached) {
    Made made{{.cidr = "10.0.0.0/16"}};

    EXPECT_EQ(made.needs("network/nat-address-a"), Texts{"network/internet"});
    EXPECT_EQ(made.needs("network/nat-a"), (Texts{"network/public-a", "network/internet", "network/nat-address-a"}));
    EXPECT_EQ(made.needs("network/private-a"), Texts{"network/vpc"});
}

TEST(Network, UsesAsManyZonesAsItIsTold) {
    Made one{{.cidr = "10.0.0.0/16", .zones = 1}};
    Made three{{.cidr = "10.0.0.0/16", .zones = 3}};

    EXPECT_FALSE(has(one, "network/public-b: aws.ec2.Subnet"));
    EXPECT_EQ(one.network.private_subnets.size(), 1U);
    EXPECT_TRUE(has(three, "network/private-d: aws.ec2.Subnet"));
    EXPECT_EQ(three.network.public_subnets.size(), 3U);
}

TEST(Network, PutsEndpointsIntoThePrivateHalf) {
    Made made{{.cidr = "10.0.0.0/16", .gateway_endpoints = {"s3"}, .interface_endpoints = {"ecr.api"}}};

    EXPECT_EQ(made.mistakes(), Texts{});
    EXPECT_EQ(
        made.properties("network/s3-endpoint"),
        R"({"RouteTableIds":["${network/private-routes-a.Id}","${network/private-routes-b.Id}"],)"
        R"("ServiceName":"com.amazonaws.ca-central-1.s3","Tags":{"Name":"s3"},"VpcEndpointType":"Gateway","VpcId":"${network/vpc.Id}"})");
    EXPECT_EQ(made.properties("network/ecr-api-endpoint"),
              R"({"PrivateDnsEnabled":true,"SecurityGroupIds":["${network/endpoints-group.Id}"],)"
              R"("ServiceName":"com.amazonaws.ca-central-1.ecr.api","SubnetIds":["${network/private-a.Id}","${network/private-b.Id}"],)"
              R"("Tags":{"Name":"ecr.api"},"VpcEndpointType":"Interface","VpcId":"${network/vpc.Id}"})");
}

TEST(Network, LetsGroupsReachEachOtherByNameAndNeverByAddress) {
    Made made{{.cidr = "10.0.0.0/16"}};

    EXPECT_EQ(
        made.property("network/database-group", "Ingress"),
        R"([{"Description":"Prefect's own database","FromPort":5432,"IpProtocol":"tcp","ReferencedGroupId":"${network/server-group.Id}","ToPort":5432},)"
        R"({"Description":"staging and analytics","FromPort":5432,"IpProtocol":"tcp","ReferencedGroupId":"${network/workers-group.Id}","ToPort":5432},)"
        R"({"Description":"staging and analytics","FromPort":5432,"IpProtocol":"tcp","ReferencedGroupId":"${network/tasks-group.Id}","ToPort":5432}])");
    EXPECT_EQ(made.property("network/database-group", "Egress"), "[]");
    EXPECT_EQ(made.property("network/default-group", "Ingress"), "[]");
}

TEST(Network, OpensToEverybodyOnlyTheLoadBalancer) {
    Made made{{.cidr = "10.0.0.0/16"}};
    for (const auto& line : made.resources()) {
        const auto address = line.substr(0, line.find(':'));
        const bool open = made.property(address, "Ingress").find("0.0.0.0/0") != std::string::npos;
        EXPECT_EQ(open, address == "network/alb-group") << address;
    }
}

TEST(Network, SendsFlowLogsToALogGroupThroughARoleOfTheirOwn) {
    Made made{{.cidr = "10.0.0.0/16", .flow_logs = FlowLogTarget::logs, .flow_log_days = 90}};

    EXPECT_EQ(made.mistakes(), Texts{});
    EXPECT_EQ(made.properties("network/flow-log-group"), R"({"logGroupName":"/dev/test/flow-logs","retentionInDays":90})");
    EXPECT_EQ(
        made.properties("network/flow-logs"),
        R"({"DeliverLogsPermissionArn":"${network/flow-log-role.Arn}","LogDestinationType":"cloud-watch-logs",)"
        R"("LogGroupName":"${network/flow-log-group.Name}","MaxAggregationInterval":60,"ResourceId":"${network/vpc.Id}","ResourceType":"VPC",)"
        R"("Tags":{"Name":"flow-logs"},"TrafficType":"ALL"})");
}

TEST(Network, SendsFlowLogsToABucketOfTheirOwnThatOnlyTheServiceMayWrite) {
    Made made{{.cidr = "10.0.0.0/16", .flow_logs = FlowLogTarget::s3, .flow_log_days = 365}};

    EXPECT_EQ(made.mistakes(), Texts{});
    EXPECT_EQ(made.property("network/flow-logs", "LogDestination"), R"("${network/flow-log-bucket.Arn}")");
    EXPECT_EQ(made.property("network/flow-log-bucket", "Lifecycle"),
              R"({"Rules":[{"Expiration":{"Days":365},"Filter":{"Prefix":""},"ID":"keep","Status":"Enabled"}]})");
    EXPECT_EQ(
        made.property("network/flow-log-bucket", "Policy"),
        R"({"Statement":[{"Action":"s3:PutObject","Condition":{"ArnLike":{"aws:SourceArn":["arn:aws:logs:ca-central-1:123456789012:*"]},)"
        R"("StringEquals":{"aws:SourceAccount":["123456789012"],"s3:x-amz-acl":["bucket-owner-full-control"]}},"Effect":"Allow",)"
        R"("Principal":{"Service":["delivery.logs.amazonaws.com"]},"Resource":["${network/flow-log-bucket.Arn}/AWSLogs/123456789012/*"],"Sid":"Deliver"},)"
        R"({"Action":"s3:GetBucketAcl","Condition":{"ArnLike":{"aws:SourceArn":["arn:aws:logs:ca-central-1:123456789012:*"]},)"
        R"("StringEquals":{"aws:SourceAccount":["123456789012"]}},"Effect":"Allow","Principal":{"Service":["delivery.logs.amazonaws.com"]},)"
        R"("Resource":["${network/flow-log-bucket.Arn}"],"Sid":"LookBeforeDelivery"},)"
        R"({"Action":"s3:*","Condition":{"Bool":{"aws:SecureTransport":["false"]}},"Effect":"Deny","Principal":"*",)"
        R"("Resource":["${network/flow-log-bucket.Arn}","${network/flow-log-bucket.Arn}/*"],"Sid":"TlsOnly"}],"Version":"2012-10-17"})");
    EXPECT_EQ(made.needs("network/flow-logs"), (Texts{"network/vpc", "network/flow-log-bucket", "network/flow-log-bucket#encryption",
                                                      "network/flow-log-bucket#lifecycle", "network/flow-log-bucket#ownership",
                                                      "network/flow-log-bucket#policy", "network/flow-log-bucket#public_access_block"}));
}

TEST(Network, SendsFlowLogsToABucketThatIsThereAlready) {
    DeclaredStack declared;
    const auto arn = declared.stack.reference<std::string>("audit", "bucket_arn");
    const Network network{declared.stack, "network", {.cidr = "10.0.0.0/16", .flow_logs = FlowLogTarget::s3, .flow_log_bucket_arn = arn}};

    EXPECT_EQ(declared.property("network/flow-logs", "LogDestination"), R"("${audit/bucket_arn}")");
    EXPECT_FALSE(has(declared, "network/flow-log-bucket: aws.s3.Bucket"));
}

TEST(Network, RefusesNetworksThatAreNoneOrThatHaveNoRoom) {
    for (const auto* cidr :
         {"", "banana", "10.0.0.0", "10.0.0/16", "10.0.0.256/16", "10.0.0.0/99", "10.0.0.0/16x", "10.0.0.0/8", "10.0.0.0/24"}) {
        Made made{{.cidr = cidr}};
        const auto found = made.mistakes();
        ASSERT_FALSE(found.empty()) << cidr;
        EXPECT_EQ(found.front(), "network: cidr \"" + std::string{cidr} + "\" is no IPv4 network of /16 to /20.");
    }
}

TEST(Network, RefusesZonesThatTheEnvironmentDoesNotHave) {
    for (const auto zones : {0, -1, 4}) {
        Made made{{.cidr = "10.0.0.0/16", .zones = zones}};
        const auto found = made.mistakes();
        ASSERT_FALSE(found.empty()) << zones;
        EXPECT_EQ(found.front(), "network: zones is " + std::to_string(zones) + ", but ca-central-1 has 3 that can be used.");
    }
}

TEST(SubnetOf, CutsANetworkIntoEqualParts) {
    EXPECT_EQ(subnet_of("10.0.0.0/16", 20, 0), "10.0.0.0/20");
    EXPECT_EQ(subnet_of("10.0.0.0/16", 20, 15), "10.0.240.0/20");
    EXPECT_EQ(subnet_of("10.0.0.0/16", 16, 0), "10.0.0.0/16");
    EXPECT_EQ(subnet_of("0.0.0.0/0", 1, 1), "128.0.0.0/1");
    EXPECT_EQ(subnet_of("10.0.7.9/16", 24, 3), "10.0.3.0/24") << "host bits do not count";
    EXPECT_EQ(subnet_of("10.0.0.0/31", 32, 1), "10.0.0.1/32");
}

TEST(SubnetOf, IsEmptyWhereThereIsNoRoomOrNoNetwork) {
    EXPECT_EQ(subnet_of("10.0.0.0/16", 20, 16), "");
    EXPECT_EQ(subnet_of("10.0.0.0/16", 20, -1), "");
    EXPECT_EQ(subnet_of("10.0.0.0/16", 15, 0), "");
    EXPECT_EQ(subnet_of("10.0.0.0/16", 33, 0), "");
    EXPECT_EQ(subnet_of("10.0.0.x/16", 20, 0), "");
    EXPECT_EQ(subnet_of("nothing", 20, 0), "");
}

}  // namespace
}  // namespace components
