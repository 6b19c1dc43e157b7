using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Sluice.Sandbox.Databricks.Identity;
using static Sluice.EndToEnd.Tests.Enforced;

namespace Sluice.EndToEnd.Tests;

/// <summary>Account groups in place of grants to people: a budget that is tried, used, and given back.</summary>
public sealed class DatabricksGroupTests
{
    private const string Orders = "orders/orders";
    private const string Ada = "ada@acme.example", Ben = "ben@acme.example", Cat = "cat@acme.example", Dan = "dan@acme.example";

    [Fact]
    public async Task A_budget_of_groups_is_tried_used_and_given_back()
    {
        await using var unity = await GovernedUnity.StartAsync(new Dictionary<string, string[]> { ["Analysts"] = [Ada, Ben, Cat] });
        using var api = unity.Server.Api();
        await GovernedUnity.PutAsync(api, GovernedUnity.Reading("Analysts", [Orders]));
        await ReconciledAsync(api, GovernedUnity.Key);
        (await GrantedAsync()).ShouldBe([$"{Ada} SELECT", $"{Ben} SELECT", $"{Cat} SELECT"]);

        // Without the rights that groups take, it is refused and says what is lacking.
        var refused = await BudgetAsync(5);
        refused.Status.ShouldNotBe(HttpStatusCode.OK);
        refused.Text.ShouldContain("Make the service principal an admin of this workspace");

        unity.Sandbox.SetPrincipal(new SandboxPrincipal { Name = unity.Sandbox.ClientId, Kind = SandboxPrincipalKind.ServicePrincipal, IsAccountAdmin = true });
        await SucceedAsync(BudgetAsync(5));
        await ReconciledAsync(api, GovernedUnity.Key);

        (await GrantedAsync()).ShouldHaveSingleItem().ShouldMatch(@"\ASLUICE_[0-9a-f]{16}_aud_[0-9a-f]{40} SELECT\z");
        foreach (var person in (string[])[Ada, Ben, Cat]) (await unity.MayReadAsync(person, Orders)).ShouldBeTrue(person);
        (await unity.MayReadAsync(Dan, Orders)).ShouldBeFalse();

        await GovernedUnity.MembersAsync(api, "Analysts", [Ben, Cat, Dan]);
        await ReconciledAsync(api, GovernedUnity.Key);
        (await unity.MayReadAsync(Ada, Orders)).ShouldBeFalse();
        (await unity.MayReadAsync(Dan, Orders)).ShouldBeTrue();

        await SucceedAsync(BudgetAsync(0));
        await ReconciledAsync(api, GovernedUnity.Key);
        (await GrantedAsync()).ShouldBe([$"{Ben} SELECT", $"{Cat} SELECT", $"{Dan} SELECT"]);
        (await GroupsAsync(unity)).ShouldBe(0);

        // What was Sluice's own goes with its connection, groups among it.
        await SucceedAsync(BudgetAsync(1));
        await ReconciledAsync(api, GovernedUnity.Key);
        (await GroupsAsync(unity)).ShouldBe(1);
        await api.CompleteAsync(await api.AcceptAsync(HttpMethod.Delete, $"/data/object/{GovernedUnity.Key}?cleanup=true", null));
        (await GroupsAsync(unity)).ShouldBe(0);
        (await unity.MayReadAsync(Ben, Orders)).ShouldBeFalse();

        Task<Answer> BudgetAsync(int budget) => api.PutAsync($"/data/connection/{GovernedUnity.Key}", $$$"""{"settings": {"groupBudget": {{{budget}}}}}""");

        async Task<IEnumerable<string>> GrantedAsync() => (await unity.GrantsAsync(Orders))
            .Where(static g => g.StartsWith("SLUICE_", StringComparison.Ordinal) || GovernedUnity.People.Any(p => g.StartsWith(p, StringComparison.Ordinal)));
    }

    private static async Task<int> GroupsAsync(GovernedUnity unity)
    {
        using var http = new HttpClient { BaseAddress = unity.Sandbox.Endpoint };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", unity.Sandbox.AdministratorToken);
        var answer = JsonElement.Parse(await http.GetStringAsync("/api/2.0/account/scim/v2/Groups?filter=displayName%20sw%20%22SLUICE_%22", TestContext.Current.CancellationToken));
        return answer.GetProperty("totalResults").GetInt32();
    }
}
