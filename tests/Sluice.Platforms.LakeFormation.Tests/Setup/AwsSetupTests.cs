using System.Text.Json;
using Sluice.Platforms.LakeFormation.Setup;

namespace Sluice.Platforms.LakeFormation.Tests.Setup;

public sealed class AwsSetupTests
{
    [Fact]
    public void The_policy_is_the_documented_one_action_for_action()
    {
        using var policy = JsonDocument.Parse(AwsSetup.PolicyDocument());
        using var documented = JsonDocument.Parse(
            """
            {
            "Version": "2012-10-17",
            "Statement": [
            {
            "Effect": "Allow",
            "Action": [
            "glue:GetDatabase",
            "glue:GetTables",
            "glue:GetDatabases",
            "glue:GetTable",
            "lakeformation:ListPermissions",
            "lakeformation:BatchGrantPermissions",
            "lakeformation:BatchRevokePermissions",
            "lakeformation:CreateLFTag",
            "lakeformation:UpdateLFTag",
            "lakeformation:DeleteLFTag",
            "lakeformation:AddLFTagsToResource",
            "lakeformation:RemoveLFTagsFromResource",
            "lakeformation:GetResourceLFTags",
            "lakeformation:ListLFTags",
            "lakeformation:GetLFTag",
            "lakeformation:SearchTablesByLFTags",
            "lakeformation:SearchDatabasesByLFTags"
            ],
            "Resource": "*"
            }
            ]
            }
            """);

        JsonElement.DeepEquals(policy.RootElement, documented.RootElement).ShouldBeTrue();
    }

    [Fact]
    public void The_trust_policy_names_the_server_and_asks_for_its_external_id()
    {
        using var trust = JsonDocument.Parse(AwsSetup.TrustPolicyDocument("arn:aws:iam::111122223333:role/sluice", "ext-\"1"));
        var statement = trust.RootElement.GetProperty("Statement")[0];

        statement.GetProperty("Principal").GetProperty("AWS").GetString().ShouldBe("arn:aws:iam::111122223333:role/sluice");
        statement.GetProperty("Action").GetString().ShouldBe("sts:AssumeRole");
        statement.GetProperty("Condition").GetProperty("StringEquals").GetProperty("sts:ExternalId").GetString().ShouldBe("ext-\"1");
    }

    [Theory]
    [InlineData("arn:aws:sts::111122223333:assumed-role/sluice/i-0abc", "arn:aws:iam::111122223333:role/sluice")]
    [InlineData("arn:aws-cn:sts::111122223333:assumed-role/sluice/x", "arn:aws-cn:iam::111122223333:role/sluice")]
    [InlineData("arn:aws:iam::111122223333:user/ops/sluice", "arn:aws:iam::111122223333:user/ops/sluice")]
    public void A_trust_policy_names_the_role_behind_a_session(string caller, string trusted) =>
        ServerAwsPrincipal.Of("111122223333", caller).TrustedArn.ShouldBe(trusted);

    [Fact]
    public void The_steps_name_the_principal_and_the_tag() =>
        string.Join('\n', AwsSetup.LakeFormationSteps("arn:aws:iam::1:role/x", "governed")).ShouldSatisfyAllConditions(
            s => s.ShouldContain("arn:aws:iam::1:role/x"),
            s => s.ShouldContain("governed=true"),
            s => s.ShouldContain("DESCRIBE"));
}
