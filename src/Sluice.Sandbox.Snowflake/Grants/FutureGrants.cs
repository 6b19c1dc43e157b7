using Sluice.Sandbox.Snowflake.Catalog;

namespace Sluice.Sandbox.Snowflake.Grants;

/// <summary>Gives a new object what was granted on future ones: the schema's list, or where it has none for that kind, the database's.</summary>
internal static class FutureGrants
{
    public static void Apply(AccountState account, Securable made, DateTimeOffset now)
    {
        var schema = made.Parent as SchemaState;
        var inSchema = account.Grants.Future.Where(future => ReferenceEquals(future.Container, schema) && Covers(future, made)).ToArray();
        var database = schema?.Database ?? made.Parent as DatabaseState;
        var chosen = inSchema.Length > 0 ? inSchema : [.. account.Grants.Future.Where(future => ReferenceEquals(future.Container, database) && Covers(future, made))];
        foreach (var future in chosen)
        {
            if (future.Privilege == "OWNERSHIP") made.Owner = future.Grantee;
            else account.Grants.Add(made, new(future.Privilege, future.Grantee, future.WithGrantOption, future.GrantedBy, now));
        }
    }

    private static bool Covers(FutureGrant future, Securable made) => future.Domain == made.Domain;
}
