using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sluice.Core.Catalog;
using Sluice.Core.Planning;
using Sluice.Platforms.PostgreSql.Login;

namespace Sluice.Platforms.PostgreSql.Enforcing;

/// <summary>
/// Makes the changes of a phase: those of one object in one transaction, those of people in one per database, different objects at once. What fails as a
/// whole and need not be whole is tried in halves, so that one that can't be made keeps no other from being made.
/// </summary>
internal sealed class ChangeWriter(
    ServerLogin login, Func<CancellationToken, Task<DatabaseConnection>> maintenance, InstanceMark mark, PostgreSqlOptions options, AccessIntent intent)
{
    private readonly NativeNames _names = new(intent.Prefix);
    private readonly HashSet<string> _identities = [.. intent.Identities.Select(i => i.Name)];
    private readonly HashSet<ObjectPath> _objects = [.. intent.Objects.Select(o => o.Object.Path)];

    /// <summary>Makes them, and tells how each ended.</summary>
    public async IAsyncEnumerable<ChangeOutcome> ApplyAsync(IReadOnlyList<Change> phase, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What others rest on comes first and goes last.
        foreach (var step in phase.GroupBy(StepOf).OrderBy(g => g.Key))
        {
            await foreach (var outcome in ApplyAsync(step.GroupBy(UnitOf), cancellationToken)) yield return outcome;
        }
    }

    private async IAsyncEnumerable<ChangeOutcome> ApplyAsync(
        IEnumerable<IGrouping<ObjectPath?, Change>> units, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var outcomes = Channel.CreateUnbounded<ChangeOutcome>();
        var writing = WriteAllAsync();
        await foreach (var outcome in outcomes.Reader.ReadAllAsync(cancellationToken)) yield return outcome;
        await writing;

        async Task WriteAllAsync()
        {
            Exception? failure = null;
            try
            {
                await using var connections = new OpenDatabases(login, maintenance);
                await Parallel.ForEachAsync(
                    units,
                    new ParallelOptions { MaxDegreeOfParallelism = options.WritesAtOnce, CancellationToken = cancellationToken },
                    async (unit, token) =>
                    {
                        foreach (var outcome in await WriteAsync(connections, unit.Key, [.. unit], token)) outcomes.Writer.TryWrite(outcome);
                    });
            }
            catch (Exception e)
            {
                failure = e;
            }

            outcomes.Writer.Complete(failure);
        }
    }

    private async Task<IReadOnlyList<ChangeOutcome>> WriteAsync(
        OpenDatabases connections, ObjectPath? path, IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        try
        {
            var database = await connections.OfAsync(path, cancellationToken);
            await database.WriteAsync(transaction => WriteAsync(transaction, path, changes), cancellationToken);
            return [.. changes.Select(c => new ChangeOutcome(c, null))];
        }
        catch (Exception e) when (e is PlatformException or ArgumentException)
        {
            if (changes.Count == 1 || IsWhole(changes)) return [.. changes.Select(c => new ChangeOutcome(c, e.Message, e is PlatformException { IsTransient: true }))];
        }

        // Halved until what can't be made stands alone: one unknown name among ten thousand costs a few transactions, not as many.
        var half = changes.Count / 2;
        var first = await WriteAsync(connections, path, [.. changes.Take(half)], cancellationToken);
        return [.. first, .. await WriteAsync(connections, path, [.. changes.Skip(half)], cancellationToken)];
    }

    private async Task WriteAsync(WriteTransaction transaction, ObjectPath? path, IReadOnlyList<Change> changes)
    {
        var roles = new RoleWriter(transaction, _names, mark);
        await roles.WriteAsync([.. changes.Where(c => c.Key.Kind is FactKind.Audience or FactKind.Member)]);
        foreach (var support in changes.Where(IsSupport)) await new SupportWriter(transaction, mark).WriteAsync(support);
        await new PeopleWriter(transaction).WriteAsync(
            [.. changes.Where(c => !IsSupport(c) && c.Key.Kind is FactKind.Support or FactKind.Exemption or FactKind.Entitlement)]);
        var rules = changes.Where(c => c.Key.Kind == FactKind.RowRule).ToList();
        if (rules.Count > 0) await new RuleWriter(transaction, _names, mark, path!).WriteAsync(rules);
        var grants = changes.Where(c => c.Key.Kind == FactKind.Grant).ToList();
        if (grants.Count > 0) await new GrantWriter(transaction, roles, path!, path!.Depth < ObjectPath.MaxDepth - 1 || _objects.Contains(path) ? _identities : []).WriteAsync(grants);
    }

    // Row rules that depend on each other are there together or not at all.
    private static bool IsWhole(IReadOnlyList<Change> changes) => changes.Any(c => c.Key.Kind == FactKind.RowRule);

    private static bool IsSupport(Change change) => change.Key is { Kind: FactKind.Support, Detail: "" };

    private static int StepOf(Change change) => (change.Key.Kind, change.Verb) switch
    {
        (FactKind.Audience, ChangeVerb.Remove) => 5,
        (FactKind.Support, ChangeVerb.Remove) => IsSupport(change) ? 7 : 6,
        (FactKind.Support, _) => 1,
        (FactKind.Audience, _) => 2,
        (FactKind.Member or FactKind.Exemption or FactKind.Entitlement, _) => 3,
        _ => 4,
    };

    // Roles and their members belong to the server: one writer for all of them.
    private static ObjectPath? UnitOf(Change change) => change.Key.Object;
}
