namespace Sluice.Sandbox.Aws;

/// <summary>How the service principal comes by its Lake Formation permissions.</summary>
public enum ServiceGrants
{
    /// <summary>
    /// The documented LF-Tag method: an LF-Tag creator with DESCRIBE on every LF-Tag, and SELECT, DESCRIBE, INSERT and DELETE with
    /// the grant option on tables tagged sluice_governed=true, DESCRIBE with the grant option on such databases.
    /// </summary>
    LFTag,

    /// <summary>As <see cref="LFTag"/>, and Super (ALL) with the grant option on every governed database and its tables, so that LF-Tags may be assigned.</summary>
    Super,

    /// <summary>DESCRIBE on tagged databases, tables and LF-Tags, nothing grantable, no LF-Tag creator.</summary>
    DescribeOnly,

    /// <summary>Nothing: only what IAM_ALLOWED_PRINCIPALS opens is visible.</summary>
    None,
}
