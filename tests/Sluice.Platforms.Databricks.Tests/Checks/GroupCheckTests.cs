using Sluice.Platforms.Databricks.Enforcing;
using Sluice.Platforms.Databricks.Tests.Enforcing;
using Sluice.Platforms.Databricks.Tests.Fakes;

namespace Sluice.Platforms.Databricks.Tests.Checks;

/// <summary>Whether account groups can be made, and the limits they count towards.</summary>
public sealed class GroupCheckTests : IAsyncLifetime
{
    private const string Tried = $"SLUICE_{FakeWorkspace.Scope}_check", Quota = "/api/2.1/unity-catalog/resource-quotas/schema/sluice.functions/function-quota";

    private static readonly string Mark = new GroupMark(new InstanceMark(FakeWorkspace.Instance)).Of(Tried);

    private FakeWorkspace _workspace = null!;
    private FakeAccount _account = null!;

    public async ValueTask InitializeAsync()
    {
        _workspace = await FakeWorkspace.StartAsync();
        _workspace.Store.Add("sales", new FakeSchema("orders"));
        _account = new FakeAccount(_workspace);
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task With_a_budget_a_group_is_made_with_our_mark_and_deleted()
    {
        (await ChecksAsync(3))["account groups"].ShouldBe(new Check("account groups", CheckStatus.Passed, "A group was made and deleted; 3 may be made"));

        _account.Groups.ShouldBeEmpty();
        _account.Writes.First().Body.ShouldContain(Mark);
        _account.Writes.Select(static w => w.Method).ShouldBe(["POST", "DELETE"]);
    }

    [Fact]
    public async Task Without_a_budget_nothing_is_tried()
    {
        (await ChecksAsync(0)).Keys.ShouldNotContain("account groups");

        _account.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_an_earlier_check_left_goes()
    {
        _account.Add(Tried, Mark);

        (await ChecksAsync(3))["account groups"].Status.ShouldBe(CheckStatus.Passed);

        _account.Groups.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_group_of_that_name_that_is_not_ours_is_left_as_it_is()
    {
        _account.Add(Tried, "theirs");

        (await ChecksAsync(3))["account groups"].Status.ShouldBe(CheckStatus.Failed);

        _account.Groups.ShouldHaveSingleItem();
        _account.Writes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(403, CheckStatus.Failed, "Make the service principal an admin of this workspace")]
    [InlineData(404, CheckStatus.Failed, "identity federation")]
    [InlineData(429, CheckStatus.Skipped, "Run the checks again")]
    public async Task What_is_lacking_is_said_with_what_to_do(int status, CheckStatus expected, string message)
    {
        _account.Before = _ => FakeAccount.Refusal(status, "Not you.");

        var check = (await ChecksAsync(3))["account groups"];

        check.Status.ShouldBe(expected);
        check.IsInconclusive.ShouldBe(expected == CheckStatus.Skipped);
        check.Message.ShouldNotBeNull().ShouldContain(message);
    }

    [Fact]
    public async Task An_account_that_keeps_no_mark_is_refused_and_the_group_deleted()
    {
        _account.OnChange = () =>
        {
            foreach (var group in _account.Groups) group.ExternalId = null;
        };

        var check = (await ChecksAsync(3))["account groups"];

        check.Status.ShouldBe(CheckStatus.Failed);
        check.Message.ShouldNotBeNull().ShouldContain("automatic identity management");
        _account.Groups.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(3999, CheckStatus.Passed, "3,999 of 5,000")]
    [InlineData(4000, CheckStatus.Warning, "4,000 of 5,000")]
    public async Task Groups_of_the_account_are_watched(int hidden, CheckStatus expected, string result)
    {
        _account.Hidden = hidden;

        var check = (await ChecksAsync(3))["groups in the account"];

        (check.Status, check.Result).ShouldBe((expected, result));
    }

    // https://docs.databricks.com/api/uc-resource-quotas/v1/get-quota
    [Theory]
    [InlineData("""{"quota_info":{"quota_count":7999,"quota_limit":10000}}""", 200, CheckStatus.Passed, "7,999 of 10,000")]
    [InlineData("""{"quota_info":{"quota_name":"function-quota","quota_limit":10000,"quota_count":8000}}""", 200, CheckStatus.Warning, "8,000 of 10,000")]
    [InlineData("""{"error_code":"PERMISSION_DENIED","message":"Only account admins can access resource quotas."}""", 403, CheckStatus.Skipped, "not tried")]
    public async Task Functions_of_our_schema_are_watched(string json, int status, CheckStatus expected, string result)
    {
        _workspace.On("GET", Quota, json, status);

        var check = (await ChecksAsync(0))["functions in sluice.functions"];

        (check.Status, check.Result).ShouldBe((expected, result));
        if (expected != CheckStatus.Passed) check.Message.ShouldNotBeNull();
    }

    private async Task<Dictionary<string, Check>> ChecksAsync(int budget)
    {
        await using var session = _workspace.Open(groupBudget: budget);
        return (await session.CheckAsync(TestContext.Current.CancellationToken)).ToDictionary(static c => c.Name, StringComparer.Ordinal);
    }
}
