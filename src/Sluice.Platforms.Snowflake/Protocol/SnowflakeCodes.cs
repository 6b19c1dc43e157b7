namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>
/// Codes of Snowflake's answers that decide what the client does next. Snowflake publishes no list of them. Each is one of its own drivers' (python:
/// snowflake-connector-python, network.py; go: gosnowflake, errors.go), of its documentation (doc), or was seen in public reports of the error (seen).
/// What is none of these is not known here and is shown as it came.
/// </summary>
internal static class SnowflakeCodes
{
    /// <summary>The statement runs on (python, go).</summary>
    public const string InProgress = "333333";

    /// <summary>The statement runs on, detached (python, go).</summary>
    public const string InProgressAsync = "333334";

    /// <summary>The session is closed (go: ErrSessionGone).</summary>
    public const string SessionGone = "390111";

    /// <summary>The session's token has expired: renew it (python, go).</summary>
    public const string SessionExpired = "390112";

    /// <summary>The master token is not known any more (python).</summary>
    public const string MasterTokenGone = "390113";

    /// <summary>The master token has expired (python).</summary>
    public const string MasterTokenExpired = "390114";

    /// <summary>The master token is invalid (python).</summary>
    public const string MasterTokenInvalid = "390115";

    /// <summary>The role that the login names does not exist, or the user does not have it (go: ErrRoleNotExist).</summary>
    public const string RoleUnknown = "390189";

    /// <summary>An object that the login names does not exist or is not authorised (go: ErrObjectNotExistOrAuthorized).</summary>
    public const string LoginObjectUnknown = "390201";

    /// <summary>The login request itself is malformed (python: BAD_REQUEST_GS_CODE).</summary>
    public const string BadLoginRequest = "390400";

    /// <summary>The access token is invalid or has expired (doc, "Snowflake OAuth overview", error codes; go).</summary>
    public const string OAuthTokenInvalid = "390303";

    /// <summary>The access token has expired (python, go).</summary>
    public const string OAuthTokenExpired = "390318";

    /// <summary>The access token is another user's than the login names (doc, "Snowflake OAuth overview", error codes).</summary>
    public const string OAuthUserMismatch = "390309";

    /// <summary>A network policy keeps the client's address out (seen: "IP … is not allowed to access Snowflake").</summary>
    public const string NetworkPolicy = "390422";

    /// <summary>No warehouse is active in the session (seen: "000606 (57P03): No active warehouse selected in the current session").</summary>
    public const string NoWarehouse = "000606";

    /// <summary>A resource monitor keeps the warehouse suspended (seen: "090073 (22000): Warehouse … cannot be resumed because resource monitor …").</summary>
    public const string WarehouseOverQuota = "090073";

    /// <summary>An Information Schema query would answer too much (seen: transferwise/pipelinewise, pull request 77).</summary>
    public const string TooMuchData = "090030";

    /// <summary>The edition lacks a feature (seen: "000002 (0A000): Unsupported feature 'MASKING POLICY'" of the Standard edition).</summary>
    public const string UnsupportedFeature = "000002";

    /// <summary>An object of that name is there already (seen: "002002 (42710): SQL compilation error: Object … already exists").</summary>
    public const string AlreadyExists = "002002";

    /// <summary>An object does not exist or is not authorised (seen: "002003 (42S02)", "002003 (02000)").</summary>
    public const string DoesNotExist = "002003";

    /// <summary>An object does not exist, or the operation can't be performed (seen: "002043 (02000)").</summary>
    public const string ObjectDoesNotExist = "002043";

    /// <summary>The role lacks a privilege (seen: "003001 (42501): SQL access control error").</summary>
    public const string InsufficientPrivileges = "003001";

    /// <summary>Too many statements wait for the same lock (seen: "000625 (57014): … the number of waiters for this lock exceeds the … statements limit").</summary>
    public const string TooManyWaiters = "000625";

    /// <summary>An internal error of the account (seen: "000603 (XX000): SQL execution internal error").</summary>
    public const string InternalError = "000603";

    /// <summary>The statement was cancelled: by somebody, or because the account took the client for gone (seen: "000604 (57014): SQL execution canceled").</summary>
    public const string Cancelled = "000604";

    /// <summary>The statement ran or waited longer than it may (seen: "000630 (57014): Statement reached its statement or warehouse timeout").</summary>
    public const string TimedOut = "000630";

    /// <summary>Whether the warehouse is what keeps a statement from running: missing, suspended, or out of credits.</summary>
    public static bool IsOfWarehouse(string? code) => code is NoWarehouse or WarehouseOverQuota;

    /// <summary>Whether the session can be carried on with a new token.</summary>
    public static bool IsExpired(string? code) => code is SessionExpired or SessionGone or MasterTokenGone or MasterTokenExpired or MasterTokenInvalid;
}
