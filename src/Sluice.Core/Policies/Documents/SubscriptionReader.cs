using Sluice.Core.Policies.Predicates;
using static Sluice.Core.Policies.Documents.PolicySpelling;

namespace Sluice.Core.Policies.Documents;

/// <summary>Reads the <c>actions</c> of a subscription policy.</summary>
internal static class SubscriptionReader
{
    /// <summary>The policy but for what stands outside its actions; null after a problem.</summary>
    public static SubscriptionPolicy? Read(MappingReader reader)
    {
        var kind = reader.RequiredChoice("type", Kinds);
        var mode = reader.OptionalChoice("mode", Modes);
        var access = reader.OptionalChoice("accessGrant", Grants);
        var entitlements = reader.OptionalMapping("entitlements") is { } conditions ? EntitlementsReader.Read(conditions) : null;
        var advanced = PredicateReader.Optional(reader, "advanced", PredicateScope.Person);
        var approvals = reader.OptionalItems("approvals").Select(i => ReadApproval(new MappingReader(i.Node, i.Path, reader.Problems))).OfType<Approval>().ToValueList();
        if (kind is { } known) RejectWhatDoesNotGoWith(known, reader);
        reader.RejectUnread();
        return kind is null
            ? null
            : new SubscriptionPolicy
            {
                Key = "",
                Name = "",
                Kind = kind.Value,
                Mode = mode ?? SubscriptionMode.Shared,
                Access = access ?? AccessKind.Read,
                Entitlements = entitlements,
                Advanced = advanced,
                Approvals = approvals,
            };
    }

    private static void RejectWhatDoesNotGoWith(SubscriptionKind kind, MappingReader reader)
    {
        if (kind == SubscriptionKind.Entitlements)
        {
            if (reader.Has("entitlements") && reader.Has("advanced")) reader.Reject("advanced", "stands beside 'entitlements': keep one of them");
            if (!reader.Has("entitlements") && !reader.Has("advanced")) reader.Reject("entitlements", "is required, or 'advanced' in its place");
        }
        else
        {
            foreach (var name in (string[])["entitlements", "advanced"])
                if (reader.Has(name)) reader.Reject(name, $"goes with type entitlements only, not with {Kinds.Of(kind)}");
        }

        if (kind == SubscriptionKind.Approval && !reader.Has("approvals")) reader.Reject("approvals", "is required: who approves");
        if (kind != SubscriptionKind.Approval && reader.Has("approvals")) reader.Reject("approvals", $"goes with type approval only, not with {Kinds.Of(kind)}");
    }

    private static Approval? ReadApproval(MappingReader reader)
    {
        var permission = reader.RequiredChoice("requiredPermission", Approvers);
        var isSpecific = reader.OptionalBoolean("specificApproverRequired", otherwise: false);
        reader.RejectUnread();
        return permission is null ? null : new Approval(permission.Value, isSpecific);
    }
}
