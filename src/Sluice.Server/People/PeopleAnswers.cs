using Sluice.Core.People;
using Sluice.Server.Http;
using Sluice.Storage.People;

namespace Sluice.Server.People;

/// <summary>A user as the API shows them.</summary>
internal sealed record UserAnswer(
    Guid Id, string Username, string DisplayName, string? Email, string Kind, bool Enabled, string? Source, string? ExternalId, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    public static UserAnswer Of(StoredPerson person)
    {
        var said = person.Details;
        return new UserAnswer(
            person.Id, said.Username, said.DisplayName, said.Email, said.Kind == PersonKind.Service ? "service" : "person", said.IsEnabled, said.Source,
            said.ExternalId, person.CreatedAt, person.UpdatedAt);
    }
}

/// <summary>One value of an attribute.</summary>
internal sealed record AttributeAnswer(string Name, string Value, string? Source, DateTimeOffset? ExpiresAt)
{
    public static Listing<AttributeAnswer> Of(IReadOnlyList<StoredAttribute> attributes) =>
        new(attributes.Count, [.. attributes.Select(a => new AttributeAnswer(a.Name, a.Value, a.Source, a.ExpiresAt))]);
}

/// <summary>Who a user is on a platform.</summary>
internal sealed record IdentityAnswer(string ConnectionKey, string Name, bool Shared)
{
    public static Listing<IdentityAnswer> Of(IReadOnlyList<StoredIdentity> identities) =>
        new(identities.Count, [.. identities.Select(i => new IdentityAnswer(i.ConnectionKey, i.Name, i.IsShared))]);
}

/// <summary>What a user may do in Sluice.</summary>
internal sealed record PermissionsAnswer(IReadOnlyList<string> Permissions);

/// <summary>What an import did, or would do.</summary>
internal sealed record ImportAnswer(bool DryRun, int Added, int Changed, int Unchanged);

/// <summary>A group; its full name is the one that is always right.</summary>
internal sealed record GroupAnswer(Guid Id, string Name, string? Source, string FullName, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static GroupAnswer Of(StoredGroup group) =>
        new(group.Id, group.Name, group.Source, SourcedNames.Full(group.Source, group.Name), group.CreatedAt, group.UpdatedAt);
}

/// <summary>Who is in a group.</summary>
internal sealed record MemberAnswer(Guid Id, string Kind, string Name)
{
    public static Listing<MemberAnswer> Of(IReadOnlyList<StoredMember> members) =>
        new(members.Count, [.. members.Select(m => new MemberAnswer(m.Id, m.IsGroup ? "group" : "user", m.Name))]);
}
