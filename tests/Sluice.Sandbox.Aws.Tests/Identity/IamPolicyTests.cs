using Sluice.Sandbox.Aws.Identity;

namespace Sluice.Sandbox.Aws.Tests.Identity;

public sealed class IamPolicyTests
{
    [Theory]
    [InlineData("glue:GetTables", "", "glue:GetTables", true)]
    [InlineData("glue:GetTable", "", "glue:GetTables", false)]
    [InlineData("glue:Get*", "", "glue:GetTables", true)]
    [InlineData("glue:get*", "", "glue:GetTables", true)]
    [InlineData("*", "", "sts:AssumeRole", true)]
    [InlineData("*", "glue:*", "glue:GetTables", false)]
    [InlineData("", "", "glue:GetTables", false)]
    public void A_deny_wins_then_an_allow_then_nothing_is_allowed(string allow, string deny, string action, bool allowed)
    {
        var principal = new SandboxPrincipal { Name = "x", Allow = allow.Length > 0 ? [allow] : [], Deny = deny.Length > 0 ? [deny] : [] };
        IamPolicy.Allows(principal, action).ShouldBe(allowed);
    }

    [Fact]
    public void The_service_principal_has_exactly_the_17_documented_actions()
    {
        SandboxCast.DocumentedActions.Count.ShouldBe(17);
        SandboxCast.DocumentedActions.Distinct().Count().ShouldBe(17);
        SandboxCast.DocumentedActions.Count(action => action.StartsWith("glue:Get", StringComparison.Ordinal)).ShouldBe(4);
    }

    [Fact]
    public async Task Every_documented_action_is_needed_for_its_operation_and_enough_for_it()
    {
        await using var bench = await Bench.StartAsync();
        foreach (var action in SandboxCast.DocumentedActions)
        {
            var (service, operation) = (action.Split(':')[0], action.Split(':')[1]);
            Task<Answer> Ask() => service == "glue" ? bench.Service.Glue(operation, new { }) : bench.Service.Lake(operation, new { });

            bench.Sandbox.SetActions(SandboxCast.ServiceUser, [.. SandboxCast.DocumentedActions.Where(other => other != action)]);
            var refused = await Ask();
            refused.ShouldFail("AccessDeniedException");
            refused.Message.ShouldStartWith($"User: arn:aws:iam::123456789012:user/sluice-service is not authorized to perform: {action} on resource: arn:aws:{service}:us-east-1:123456789012:catalog");
            refused.Message.ShouldEndWith($"because no identity-based policy allows the {action} action");

            bench.Sandbox.SetActions(SandboxCast.ServiceUser, [action]);
            var allowed = await Ask();
            if (allowed.Status != 200) allowed.Message.ShouldNotContain("identity-based policy");
        }
    }

    [Fact]
    public async Task An_explicit_deny_is_named_as_one()
    {
        await using var bench = await Bench.StartAsync();
        bench.Sandbox.SetActions(SandboxCast.ServiceUser, ["*"], "glue:GetTables");
        var answer = await bench.Service.Glue("GetTables", new { DatabaseName = "sales" });
        answer.ShouldFail("AccessDeniedException");
        answer.Message.ShouldEndWith("with an explicit deny in an identity-based policy");
    }
}
