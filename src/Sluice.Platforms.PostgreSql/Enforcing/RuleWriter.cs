using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.PostgreSql.Login;
using Sluice.Platforms.PostgreSql.Sql;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>
/// Makes and removes the row rules of one table, all in one transaction: row security without a policy would show nobody anything, and a policy without row
/// security everybody everything.
/// </summary>
internal sealed class RuleWriter(WriteTransaction transaction, NativeNames names, InstanceMark mark, ObjectPath path)
{
    private const string FiltersRows = """
        SELECT c.relrowsecurity FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2
        """;

    private string Table => Statements.Table(path);

    private string Base => names.BasePolicy;

    /// <summary>Makes changes of row rules.</summary>
    public async Task WriteAsync(IReadOnlyList<Change> changes)
    {
        // On a table that is gone there is nothing left to remove.
        if ((await StateAsync()).Count == 0 && changes.All(c => c.Verb == ChangeVerb.Remove)) return;

        // Locked before it is looked at: nobody puts policies of their own between the two.
        await transaction.ExecuteAsync($"LOCK TABLE ONLY {Table} IN ACCESS EXCLUSIVE MODE");
        var state = await StateAsync();
        var policies = await PoliciesAsync();
        var foreign = policies.Where(p => !IsOurs(p)).ToList();
        var hasBase = policies.Exists(p => IsOurs(p) && p.Name == Base);
        if (changes.Any(c => c.Verb != ChangeVerb.Remove))
        {
            if (!hasBase && (foreign.Count > 0 || state.Contains(true))) throw Conflict(foreign);
            if (foreign.Find(p => names.IsPolicy(p.Name)) is { } taken) throw Conflict([taken]);
            await MakeAsync(changes, policies);
        }

        await RemoveAsync(changes, foreign, hasBase);
    }

    private async Task MakeAsync(IReadOnlyList<Change> changes, IReadOnlyList<KeptPolicy> policies)
    {
        foreach (var change in changes.Where(c => c.Verb != ChangeVerb.Remove && c.Key.Subject != Base))
        {
            var policy = change.Key.Subject;
            await transaction.ExecuteAsync(RowRules.Drop(policy, Table), RowRules.Create(policy, Table, change.Definition));
            var kept = (await PoliciesAsync()).Find(p => p.Name == policy)!;
            await transaction.ExecuteAsync(Comment(policy, KeptPolicy.CommentOf(mark, change.Definition, kept.Condition)));
        }

        if (policies.FirstOrDefault(p => p.Name == Base) is not { IsBase: true })
            await transaction.ExecuteAsync(RowRules.Drop(Base, Table), RowRules.CreateBase(Base, Table), Comment(Base, mark.Comment));
        await transaction.ExecuteAsync($"ALTER TABLE {Table} ENABLE ROW LEVEL SECURITY");
    }

    private async Task RemoveAsync(IReadOnlyList<Change> changes, IReadOnlyList<KeptPolicy> foreign, bool hasBase)
    {
        var removed = changes.Where(c => c.Verb == ChangeVerb.Remove).Select(c => c.Key.Subject).ToList();
        if (removed.Count == 0) return;
        await transaction.ExecuteAsync([.. removed.Where(p => p != Base && !foreign.Any(f => f.Name == p)).Select(p => RowRules.Drop(p, Table))]);
        if (!hasBase || !removed.Contains(Base)) return;
        if ((await PoliciesAsync()).Exists(p => IsOurs(p) && p.Name != Base))
            throw new PlatformException(PlatformFailure.Refused, $"Row security on {path} stays: there are row rules that rest on it");

        // With policies that somebody added since, the table is theirs to filter.
        if (foreign.Count == 0) await transaction.ExecuteAsync($"ALTER TABLE {Table} DISABLE ROW LEVEL SECURITY");
        await transaction.ExecuteAsync(RowRules.Drop(Base, Table));
    }

    private Task<List<bool>> StateAsync() =>
        transaction.ReadAsync(new Query(FiltersRows, path.Parent!.Name, path.Name), static r => r.BooleanAsync());

    private bool IsOurs(KeptPolicy policy) => names.IsPolicy(policy.Name) && mark.OwnerOf(policy.Comment) == MarkOwner.ThisInstance;

    private Task<List<KeptPolicy>> PoliciesAsync() =>
        transaction.ReadAsync(new Query(RulesReader.PoliciesOfTable, path.Parent!.Name, path.Name), RulesReader.PolicyAsync);

    private string Comment(string policy, string comment) => $"COMMENT ON POLICY {Quote.Identifier(policy)} ON {Table} IS {Quote.Literal(comment)}";

    private static PlatformException Conflict(IReadOnlyList<KeptPolicy> foreign) => new(
        PlatformFailure.Refused,
        foreign.Count == 0
            ? "The table filters rows already, without a policy of Sluice's: it is not touched, and nobody is granted it"
            : $"The table has row policies of others ({string.Join(", ", foreign.Select(p => p.Name))}): it is not touched, and nobody is granted it");
}
