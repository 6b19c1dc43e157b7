using System.Text.Json;
using System.Text.Json.Serialization;
using Sluice.Core.Adopting;
using Sluice.Core.Policies;
using Sluice.Core.Policies.Documents;

namespace Sluice.Server.Adopting;

/// <summary>Drafts, and what is not in them.</summary>
internal sealed record AdoptionAnswer(
    IReadOnlyList<DraftPolicyAnswer> Policies, IReadOnlyList<SubscriptionsToGiveAnswer> Subscriptions, IReadOnlyList<LeftOverAnswer> NotTakenOver)
{
    public static AdoptionAnswer Of(Adoption adoption) => new(
        [.. adoption.Policies.Select(DraftPolicyAnswer.Of)],
        [
            .. adoption.Subscriptions.Select(static s => new SubscriptionsToGiveAnswer(
                s.PolicyKey, s.Access == AccessKind.Read ? "READ" : "WRITE", s.Usernames, [.. s.Objects.Select(static o => (IReadOnlyList<string>)o.Names)])),
        ],
        [.. adoption.LeftOvers.Select(static l => new LeftOverAnswer(l.Object.Names, l.Text, l.Why) { Identity = l.Identity })]);
}

/// <summary>A draft as a document.</summary>
internal sealed record DraftPolicyAnswer(string PolicyKey, string Name, JsonElement Document)
{
    public static DraftPolicyAnswer Of(Policy policy)
    {
        using var document = JsonDocument.Parse(PolicyJson.Write(PolicyWriter.Write(policy)));
        return new DraftPolicyAnswer(policy.Key, policy.Name, document.RootElement.Clone());
    }
}

/// <summary>Whom to subscribe by hand under a draft of type manual.</summary>
internal sealed record SubscriptionsToGiveAnswer(string PolicyKey, string Access, IReadOnlyList<string> Users, IReadOnlyList<IReadOnlyList<string>> ObjectPaths);

/// <summary>What is not taken over.</summary>
internal sealed record LeftOverAnswer(IReadOnlyList<string> ObjectPath, string Text, string Why)
{
    /// <summary>Whose it is, where it is somebody's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Identity { get; init; }
}
