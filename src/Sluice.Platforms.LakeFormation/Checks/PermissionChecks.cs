using Sluice.Platforms.LakeFormation.Governing;

namespace Sluice.Platforms.LakeFormation.Checks;

/// <summary>What the principal's Lake Formation permissions allow.</summary>
internal static class PermissionChecks
{
    /// <summary>Whether LF-Tags of ours can be made.</summary>
    public static Check TagCreator(PermissionIndex permissions)
    {
        const string name = "LF-Tag creator";
        if (permissions.IsTagCreator)
        {
            var why = permissions.IsAdministrator ? "The principal is a data lake administrator." : "It may create LF-Tags.";
            return new Check(name, CheckStatus.Passed, why);
        }

        if (permissions.Unreadable is not null) return Unread(name);
        return permissions.IsPartial
            ? new Check(
                name, CheckStatus.Skipped, "not among the first permissions that were read",
                "The crawl reads them all; each object tells its method.")
            : new Check(
                name, CheckStatus.Warning, "Not seen among its permissions.",
                "Only named grants work. In Lake Formation, LF-Tags and permissions, LF-Tag creators, add the principal with Create LF-Tag, "
                + "grantable.");
    }

    /// <summary>Whether it could grant, shown on the first table that can be seen; each object tells its own method after the crawl.</summary>
    public static Check Granting(PermissionIndex permissions, string? database, string? table)
    {
        const string name = "grantable permissions";
        if (permissions.Unreadable is not null && !permissions.IsAdministrator) return Unread(name);
        if (!permissions.GrantsAnything)
        {
            return permissions.IsPartial
                ? new Check(
                    name, CheckStatus.Skipped, "not among the first permissions that were read",
                    "The crawl reads them all; each object tells its method.")
                : new Check(
                    name, CheckStatus.Warning, "The principal can't grant anything.",
                    "Grant it SELECT, DESCRIBE, INSERT and DELETE with the grant option on what Sluice is to govern, by an LF-Tag or by name.");
        }

        if (database is null || table is null) return new Check(name, CheckStatus.Passed, "The principal holds grantable permissions.");
        var method = Method.OnTable(permissions.GrantableOnTable(database, table, []), permissions.IsTagCreator);
        return method.Name == Method.None
            ? new Check(name, CheckStatus.Passed, "The principal holds grantable permissions; each object tells its method after the crawl.")
            : new Check(name, CheckStatus.Passed, $"{method.Name} on {database}.{table}; each object tells its own after the crawl.", method.Limit);
    }

    /// <summary>
    /// Whether databases are covered: people need DESCRIBE on them, and only who can grant there is shown whether IAM decides. Each database
    /// tells its own after the crawl.
    /// </summary>
    public static Check Databases(PermissionIndex permissions)
    {
        const string name = "grantable permissions on databases";
        if (permissions.Unreadable is not null && !permissions.IsAdministrator) return Unread(name);
        if (permissions.DescribesDatabases) return new Check(name, CheckStatus.Passed, "The principal holds some; each database tells its own after the crawl.");
        return permissions.IsPartial
            ? new Check(
                name, CheckStatus.Skipped, "not among the first permissions that were read",
                "The crawl reads them all; each database tells whether it is governed.")
            : new Check(
                name, CheckStatus.Warning, "The principal can't grant DESCRIBE on any database.",
                "People can't be given a database by it, and where it can grant nothing AWS does not show it whether IAM_ALLOWED_PRINCIPALS has "
                + "permissions, so nothing is proven to be governed. Grant it DESCRIBE with the grant option on each database, by an LF-Tag or by name, or make it a data lake administrator.");
    }

    private static Check Unread(string name) =>
        new(name, CheckStatus.Skipped, "not known", "Permissions can't be read; lakeformation:ListPermissions says why.");
}
