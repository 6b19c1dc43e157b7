using System.Runtime.CompilerServices;
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
    private static readonly Dictionary<Change, string> NoneRefused = [];

    private readonly NativeNames _names = new(intent.Prefix);
    private readonly HashSet<string> _identities = [.. intent.Identities.Select(i => i.Name)];
    private readonly HashSet<ObjectPath> _objects = [.. intent.Objects.Select(o => o.Object.Path)];
    private readonly HashSet<ObjectPath> _views = intent.MasksInView ? [.. intent.Objects.Select(o => new NativeNames(intent.Prefix).View(o.Object.Path))] : [];

    /// <summary>Makes them, and tells how each ended.</summary>
    public async IAsyncEnumerable<ChangeOutcome> ApplyAsync(IReadOnlyList<Change> phase, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // What others rest on comes first and goes last.
        foreach (var step in phase.GroupBy(StepOf).OrderBy(g => g.Key))
        {
            await foreach (var outcome in ToldOutcomes.OfAsync((tell, token) => WriteAllAsync(step.GroupBy(UnitOf), tell, token), cancellationToken)) yield return outcome;
        }
    }

    private async Task WriteAllAsync(IEnumerable<IGrouping<ObjectPath?, Change>> units, Action<ChangeOutcome> tell, CancellationToken cancellationToken)
    {
        // Two databases that get their first salt at once must not get two.
        using var salting = new SemaphoreSlim(1, 1);
        await using var connections = new OpenDatabases(login, maintenance);
        await Parallel.ForEachAsync(
            units,
            new ParallelOptions { MaxDegreeOfParallelism = options.WritesAtOnce, CancellationToken = cancellationToken },
            async (unit, token) =>
            {
                foreach (var outcome in await WriteAsync(connections, salting, unit.Key, [.. unit], token)) tell(outcome);
            });
    }

    private async Task<IReadOnlyList<ChangeOutcome>> WriteAsync(
        OpenDatabases connections, SemaphoreSlim salting, ObjectPath? path, IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var isSalting = changes.Any(IsViewMade);
        if (isSalting) await salting.WaitAsync(cancellationToken);
        try
        {
            var database = await connections.OfAsync(path, cancellationToken);
            IReadOnlyDictionary<Change, string> refused = NoneRefused;
            await database.WriteAsync(async transaction => refused = await WriteAsync(transaction, connections, path, changes, cancellationToken), cancellationToken);
            return [.. changes.Select(c => new ChangeOutcome(c, refused.GetValueOrDefault(c)))];
        }
        catch (Exception e) when (e is PlatformException or ArgumentException)
        {
            if (changes.Count == 1 || IsWhole(changes)) return [.. changes.Select(c => new ChangeOutcome(c, e.Message, e is PlatformException { IsTransient: true }))];
        }
        finally
        {
            if (isSalting) salting.Release();
        }

        // Halved until what can't be made stands alone: one unknown name among ten thousand costs a few transactions, not as many.
        var half = changes.Count / 2;
        var first = await WriteAsync(connections, salting, path, [.. changes.Take(half)], cancellationToken);
        return [.. first, .. await WriteAsync(connections, salting, path, [.. changes.Skip(half)], cancellationToken)];
    }

    private async Task<IReadOnlyDictionary<Change, string>> WriteAsync(
        WriteTransaction transaction, OpenDatabases connections, ObjectPath? path, IReadOnlyList<Change> changes, CancellationToken cancellationToken)
    {
        var roles = new RoleWriter(transaction, _names, mark);
        await roles.WriteAsync([.. changes.Where(c => c.Key.Kind is FactKind.Audience or FactKind.Member)]);
        foreach (var support in changes.Where(IsSupport)) await new SupportWriter(transaction, _names, mark).WriteAsync(support);
        await new PeopleWriter(transaction).WriteAsync(
            [.. changes.Where(c => !IsSupport(c) && c.Key.Kind is FactKind.Support or FactKind.Exemption or FactKind.Entitlement)]);
        var views = changes.Where(c => c.Key.Kind == FactKind.Mask).ToList();
        var refused = views.Count == 0 ? NoneRefused : await new ViewWriter(transaction, _names, mark, () => SaltAsync(connections, path!, cancellationToken)).WriteAsync(views);
        var rules = changes.Where(c => c.Key.Kind == FactKind.RowRule).ToList();
        if (rules.Count > 0) await new RuleWriter(transaction, _names, mark, path!).WriteAsync(rules);
        var grants = changes.Where(c => c.Key.Kind == FactKind.Grant).ToList();
        var isGoverned = path is null || path.Depth < ObjectPath.MaxDepth - 1 || _objects.Contains(path) || _views.Contains(path);
        if (grants.Count > 0) await new GrantWriter(transaction, roles, path!, isGoverned ? _identities : []).WriteAsync(grants);
        return refused;
    }

    // The salt of another database of the server, so that the same value is hashed to the same in all of them.
    private async Task<string?> SaltAsync(OpenDatabases connections, ObjectPath path, CancellationToken cancellationToken)
    {
        foreach (var other in _objects.Select(o => o.Parent!.Parent!).Distinct().Where(d => !d.Equals(path)).OrderBy(d => d.Name, StringComparer.Ordinal))
        {
            try
            {
                if (await ViewWriter.SaltAsync(await connections.OfAsync(other, cancellationToken), cancellationToken) is { } salt) return salt;
            }
            catch (PlatformException e) when (e.Failure is PlatformFailure.NotFound or PlatformFailure.AccessDenied)
            {
                // A database that can't be entered has no views that anybody could compare with.
            }
        }

        return null;
    }

    // Row rules that depend on each other are there together or not at all; so are views that are replaced and what is known of the people who read them.
    private static bool IsWhole(IReadOnlyList<Change> changes) => changes.Any(c => c.Key.Kind == FactKind.RowRule)
        || (changes.Any(c => c is { Key.Kind: FactKind.Mask, Verb: ChangeVerb.Replace }) && changes.Any(c => c.Key.Kind != FactKind.Mask));

    private static bool IsViewMade(Change change) => change.Key.Kind == FactKind.Mask && change.Verb != ChangeVerb.Remove;

    private static bool IsSupport(Change change) => change.Key is { Kind: FactKind.Support, Detail: "" };

    private static int StepOf(Change change) => (change.Key.Kind, change.Verb) switch
    {
        (FactKind.Audience, ChangeVerb.Remove) => 5,
        (FactKind.Support, ChangeVerb.Remove) => IsSupport(change) ? 7 : 6,
        (FactKind.Support, _) => 1,
        (FactKind.Audience, _) => 2,
        (FactKind.Mask, ChangeVerb.Remove) => 4,
        (FactKind.Member or FactKind.Exemption or FactKind.Entitlement or FactKind.Mask, _) => 3,
        _ => 4,
    };

    // Roles and their members belong to the server: one writer for all of them.
    // What is known of people and the views that ask for it belong to a database: where a view is replaced, both change at one moment.
    private static ObjectPath? UnitOf(Change change) => change.Key.Kind == FactKind.Mask ? change.Key.Object!.Parent!.Parent : change.Key.Object;
}
