using System.Security.Cryptography;
using System.Text;
using Sluice.Core.Access;
using Sluice.Core.Planning;

namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>
/// The names of a connection's account groups. A name of an account's group is unique in the account and has 255 characters at most
/// (https://docs.databricks.com/api/scim/v1/patch-account-group); these have 99, letters, digits and underscores.
/// </summary>
/// <param name="Prefix">Of the connection's native objects.</param>
/// <param name="Scope">Tells the connection from the instance's others in the account.</param>
internal sealed record GroupNames(string Prefix, string Scope)
{
    /// <summary>Of an intent.</summary>
    public static GroupNames Of(AccessIntent intent) => new(intent.Prefix, intent.Scope);

    /// <summary>Whether it is known which connection's they are: else there are none.</summary>
    public bool AreKnown => Scope.Length > 0;

    /// <summary>What the names of all groups of the connection begin with.</summary>
    public string Start => $"{Prefix}_{Scope}_";

    /// <summary>What the names of all audiences begin with.</summary>
    public string AudienceStart => $"{Start}aud_";

    /// <summary>The group by which a check tries whether groups can be made.</summary>
    public string Tried => $"{Start}check";

    /// <summary>The group of an audience.</summary>
    public string Audience(AudienceId id) => AudienceStart + id.Value;

    /// <summary>Whether a grantee's name is one of an audience.</summary>
    public bool IsAudience(string name) => AreKnown && name.StartsWith(AudienceStart, StringComparison.Ordinal);
}

/// <summary>
/// The mark of this instance on a group. Groups have no comment; their <c>externalId</c> has 64 characters at most and is to be no other group's
/// (https://docs.databricks.com/api/scim/v1/patch-account-group): so it is of the instance and of the group's name, and a mark that was copied to another group is none.
/// </summary>
internal sealed class GroupMark(InstanceMark mark)
{
    private const int Digits = 24;

    private readonly string _instance = Digest(mark.InstanceId);

    /// <summary>The mark of a group.</summary>
    public string Of(string name) => $"sluice-{_instance}-{Digest(name)}";

    /// <summary>Whether a group carries its mark.</summary>
    public bool IsOn(string name, string? externalId) => externalId == Of(name);

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Digits];
}
