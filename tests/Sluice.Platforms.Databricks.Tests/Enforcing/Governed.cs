using Sluice.Core.Access;
using Sluice.Core.Catalog;
using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Core.Policies;
using Sluice.Platforms.Databricks.Tests.Fakes;
using Sluice.Platforms.LakeFormation.Tests.Enforcing;

namespace Sluice.Platforms.Databricks.Tests.Enforcing;

/// <summary>Intents on tables of a fake metastore.</summary>
internal static class Governed
{
    public const string Ann = "ann@acme.example", Bob = "bob@acme.example", Cat = "cat@acme.example";

    public static readonly ObjectPath Lines = new("unity", "sales", "orders", "lines");

    public static IdentityHolders Person(string name, params string[] groups) => People.Alone(People.Person(name, groups));

    public static ObjectAccess Readable(AccessRule read, AccessRule? write = null, ColumnMask[]? masks = null, RowRule[]? rows = null) =>
        new() { Read = read, Write = write ?? AccessRule.Nobody, Masks = [.. masks ?? []], RowRules = [.. rows ?? []], SubscriptionPolicies = ["p"] };

    public static ColumnMask Mask(string column, AccessRule exempt, MaskFunction? function = null) => new(column, function ?? new MaskFunction.Null(), exempt, null, "m");

    public static IntendedObject Object(ObjectAccess access, ObjectPath? path = null, ObjectKind kind = ObjectKind.Table, params GovernedColumn[] columns) => new()
    {
        Object = new GovernedObject { Path = path ?? Lines, Kind = kind, Tags = [], Columns = columns.Length > 0 ? [.. columns] : [new("id", "bigint", []), new("email", "string", [])] },
        Access = access,
    };

    public static AccessIntent Intent(IReadOnlyList<IdentityHolders> people, params IntendedObject[] objects) => new()
    {
        Prefix = "SLUICE", OwnContainer = "sluice", Objects = objects, Identities = people, MembersOf = People.Decide(people),
    };

    /// <summary>The same, of which audiences may be account groups.</summary>
    public static AccessIntent Grouped(this AccessIntent intent, int budget) => intent with { GroupBudget = budget, Scope = FakeWorkspace.Scope };

    public static async Task<ObservedState> ObserveAsync(IPlatformSession session, AccessIntent intent) =>
        await ((IObservesAccess)session).ObserveAsync(intent, TestContext.Current.CancellationToken);

    public static async Task<Plan> PlanAsync(IPlatformSession session, AccessIntent intent, EnforcementMode mode = EnforcementMode.Sync) =>
        PlanBuilder.Build(Payload.Platform().Compile(intent), await ObserveAsync(session, intent), mode, new ImpactScope(3, new HashSet<string>(), static _ => false));

    public static async Task<List<ChangeOutcome>> ApplyAsync(IPlatformSession session, AccessIntent intent, IEnumerable<Change> changes)
    {
        var outcomes = new List<ChangeOutcome>();
        foreach (var phase in changes.GroupBy(static c => c.Phase).OrderBy(static g => g.Key))
            await foreach (var outcome in ((IAppliesChanges)session).ApplyAsync(intent, [.. phase], TestContext.Current.CancellationToken)) outcomes.Add(outcome);
        return outcomes;
    }

    /// <summary>What a server keeps of what it granted.</summary>
    public static AccessIntent Having(this AccessIntent intent, IEnumerable<Change> made) =>
        intent with { OwnGrants = made.Where(static c => c is { Verb: ChangeVerb.Add, Key.Kind: FactKind.Grant }).Select(static c => c.Key).ToHashSet() };
}
