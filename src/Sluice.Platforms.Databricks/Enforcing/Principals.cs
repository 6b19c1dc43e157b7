namespace Sluice.Platforms.Databricks.Enforcing;

/// <summary>What a principal's name tells.</summary>
internal static class Principals
{
    /// <summary>Everybody of the account (https://docs.databricks.com/admin/users-groups/groups).</summary>
    public const string Everybody = "account users";

    /// <summary>Whether it is called as one user or service principal is: an e-mail address, or an application id. A group may be, too: <see cref="Namesakes"/>.</summary>
    public static bool IsSingle(string principal) => principal.Contains('@', StringComparison.Ordinal) || Guid.TryParseExact(principal, "D", out _);
}
