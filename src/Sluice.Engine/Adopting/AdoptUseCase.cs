using System.Text.Json;
using Sluice.Core.Adopting;
using Sluice.Core.Payloads;
using Sluice.Core.Planning;
using Sluice.Core.Problems;
using Sluice.Engine.Callers;
using Sluice.Engine.Enforcing;
using Sluice.Engine.Errors;
using Sluice.Engine.Platforms;
using Sluice.Platforms;
using Sluice.Storage.Catalog;
using Sluice.Storage.Connections;
using Sluice.Storage.People;

namespace Sluice.Engine.Adopting;

/// <inheritdoc cref="IAdoptUseCase"/>
internal sealed class AdoptUseCase(
    IConnectionStore connections, IIntentReader intents, IPeopleSnapshots people, PlatformRegistry platforms, SessionOpener sessions, TimeProvider time) : IAdoptUseCase
{
    public async Task<Adoption> DraftAsync(JsonElement body, Caller caller, CancellationToken cancellationToken)
    {
        caller.Require(Permission.Governance);
        var problems = new ProblemList();
        var members = new PayloadObject(body, "$", problems);
        var key = members.RequiredString("connection");
        members.RejectUnread();
        if (problems.Any) throw new RequestRefusedException(problems);
        var connection = await connections.FindAsync(key!, cancellationToken) ?? throw new RequestRefusedException(ErrorCode.NotFound, $"There is no connection '{key}'.");
        if (platforms.Of(connection.Technology) is not ITellsHeldAccess platform)
            throw new RequestRefusedException(ErrorCode.NotAvailableYet, $"Grants on {connection.Technology} are not taken over yet.");
        try
        {
            return await DraftAsync(connection, platform, cancellationToken);
        }
        catch (PlatformException e)
        {
            throw RequestRefusedException.Of(e);
        }
    }

    // Every object, active or not: what somebody would activate next is what has to be known before.
    private async Task<Adoption> DraftAsync(StoredConnection connection, ITellsHeldAccess platform, CancellationToken cancellationToken)
    {
        await using var session = await sessions.OpenAsync(connection, cancellationToken);
        var read = await intents.ReadAsync(connection, SupposedActivity.OfEverything, cancellationToken);
        var everybody = await people.ReadAsync(time.GetUtcNow(), cancellationToken);
        var observed = await ((IObservesAccess)session).ObserveAsync(read.Intent, cancellationToken);
        var identities = read.Intent.Identities.Select(static i => i.Name).ToHashSet(StringComparer.Ordinal);
        var own = observed.Facts.Where(f => f.Key is { Kind: FactKind.Grant, Object: not null } && f.Owner != FactOwner.Ours
            && f.Key.Object.Depth == read.Counting.ObjectDepth && identities.Contains(f.Key.Subject)).ToList();
        var (held, untold) = platform.HeldBy(own);
        var access = AccessAdoption.Of(connection.Key, held, read.Intent.Identities, everybody.Snapshot);
        var foreign = session is IReadsForeignRules rules
            ? await rules.ForeignRulesAsync(read.Intent.Prefix, [.. read.Intent.Objects.Select(static o => o.Object.Path)], cancellationToken)
            : [];
        var (policies, told) = RuleAdoption.Of(connection.Key, foreign);
        return new Adoption([.. access.Policies, .. policies], access.Subscriptions, [.. access.LeftOvers, .. untold, .. told]);
    }
}
