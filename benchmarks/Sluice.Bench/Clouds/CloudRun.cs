using Sluice.Core.Connections;
using Sluice.Core.Planning;
using Sluice.Engine.Enforcing;
using Sluice.Platforms;

namespace Sluice.Bench.Clouds;

/// <summary>Plans and applies on a cloud as the server does, and remembers what it made.</summary>
internal sealed class CloudRun(ICloud cloud)
{
    private const int TableDepth = 3;

    private readonly HashSet<FactKey> _made = [];

    /// <summary>What a scene asks for, with what was made before.</summary>
    public AccessIntent Asked(CloudScene scene) => scene.Intent() with { OwnGrants = _made };

    public static Task<ObservedState> ObserveAsync(IPlatformSession session, AccessIntent intent, CancellationToken cancellationToken) =>
        ((IObservesAccess)session).ObserveAsync(intent, cancellationToken);

    public Plan PlanOf(DesiredState desired, ObservedState observed) =>
        PlanBuilder.Build(desired, observed, EnforcementMode.Sync, new ImpactScope(TableDepth, new HashSet<string>(), cloud.IsDirectAudience));

    public async Task<Plan> PlanAsync(IPlatformSession session, AccessIntent intent, CancellationToken cancellationToken) =>
        PlanOf(cloud.Compile(intent), await ObserveAsync(session, intent, cancellationToken));

    /// <summary>Makes changes.</summary>
    /// <exception cref="InvalidOperationException">One of them failed.</exception>
    public async Task ApplyAsync(IPlatformSession session, AccessIntent intent, Plan plan, CancellationToken cancellationToken)
    {
        var outcomes = await PlanApplier.ApplyAsync(
            (IAppliesChanges)session, intent, plan.Changes, desired: null, static _ => Task.CompletedTask, static _ => Task.CompletedTask, cancellationToken);
        if (outcomes.FirstOrDefault(static o => o.Error is not null) is { } failed) throw new InvalidOperationException($"{failed.Change.Verb} {failed.Change.Key}: {failed.Error}");
        foreach (var (verb, key) in outcomes.Select(static o => (o.Change.Verb, o.Change.Key)).Where(static c => c.Key.Kind == FactKind.Grant))
        {
            if (verb == ChangeVerb.Remove) _made.Remove(key);
            else _made.Add(key);
        }
    }

    /// <summary>Plans, applies, and makes sure that nothing is left to do.</summary>
    public async Task SettleAsync(CloudScene scene, CancellationToken cancellationToken)
    {
        await using var session = cloud.Open();
        var intent = Asked(scene);
        await ApplyAsync(session, intent, await PlanAsync(session, intent, cancellationToken), cancellationToken);
        await DemandSettledAsync(session, scene, cancellationToken);
    }

    /// <summary>Makes sure that nothing is left to do.</summary>
    /// <exception cref="InvalidOperationException">Something is.</exception>
    public async Task DemandSettledAsync(IPlatformSession session, CloudScene scene, CancellationToken cancellationToken)
    {
        var left = (await PlanAsync(session, Asked(scene), cancellationToken)).Changes;
        if (left.Count > 0) throw new InvalidOperationException($"After the apply {left.Count} changes are left, such as {left[0].Verb} {left[0].Key}.");
    }
}
