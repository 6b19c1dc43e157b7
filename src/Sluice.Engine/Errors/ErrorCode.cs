namespace Sluice.Engine.Errors;

/// <summary>A stable error of the HTTP API: once published, a code keeps its meaning. The table in docs/errors.md is checked against this list.</summary>
/// <param name="Code"><c>SLU</c> and four digits.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">The same for every occurrence.</param>
public sealed record ErrorCode(string Code, int Status, string Title)
{
    /// <summary>Members are missing, unknown, wrongly typed or contradictory; all of them are listed.</summary>
    public static readonly ErrorCode InvalidRequest = new("SLU0001", 400, "The request is not valid");

    /// <summary>The body is not JSON.</summary>
    public static readonly ErrorCode InvalidJson = new("SLU0002", 400, "The body is not valid JSON");

    /// <summary>The object path in the URL can't be read.</summary>
    public static readonly ErrorCode InvalidPath = new("SLU0003", 400, "The object path is not valid");

    /// <summary>A documented technology or member that this version does not have yet.</summary>
    public static readonly ErrorCode NotAvailableYet = new("SLU0004", 400, "Not available yet");

    /// <summary>An update moves secrets to another place without bringing them again.</summary>
    public static readonly ErrorCode SecretsMustBeBroughtAgain = new("SLU0005", 400, "The secrets must be brought again");

    /// <summary>No valid token.</summary>
    public static readonly ErrorCode Unauthenticated = new("SLU0101", 401, "Authentication is required");

    /// <summary>A permission is missing.</summary>
    public static readonly ErrorCode Forbidden = new("SLU0102", 403, "A permission is missing");

    /// <summary>It would change what the caller themselves is entitled to.</summary>
    public static readonly ErrorCode OwnEntitlement = new("SLU0110", 403, "Nobody changes their own entitlements");

    /// <summary>Nothing is there, or the caller may not see it.</summary>
    public static readonly ErrorCode NotFound = new("SLU0201", 404, "Not found");

    /// <summary>The path has no such method.</summary>
    public static readonly ErrorCode MethodNotAllowed = new("SLU0202", 405, "Method not allowed");

    /// <summary>The connection key is taken.</summary>
    public static readonly ErrorCode ConnectionKeyTaken = new("SLU0301", 409, "The connection key is taken");

    /// <summary>Another connection stands for the same platform.</summary>
    public static readonly ErrorCode PlatformRegistered = new("SLU0302", 409, "The platform is registered already");

    /// <summary>What was asked does not fit the object's state.</summary>
    public static readonly ErrorCode WrongState = new("SLU0303", 409, "The object's state does not allow this");

    /// <summary>The ETag of If-Match is not the current one.</summary>
    public static readonly ErrorCode RevisionChanged = new("SLU0304", 412, "Somebody else has changed it");

    /// <summary>The username is another's.</summary>
    public static readonly ErrorCode UsernameTaken = new("SLU0310", 409, "The username is taken");

    /// <summary>The source has another group of the name.</summary>
    public static readonly ErrorCode GroupNameTaken = new("SLU0311", 409, "The group's name is taken");

    /// <summary>A group would be in itself.</summary>
    public static readonly ErrorCode GroupCycle = new("SLU0312", 409, "A group can't be in itself");

    /// <summary>The platform identity is another person's.</summary>
    public static readonly ErrorCode IdentityTaken = new("SLU0313", 409, "The platform identity is another person's");

    /// <summary>The body is larger than allowed.</summary>
    public static readonly ErrorCode BodyTooLarge = new("SLU0401", 413, "The body is too large");

    /// <summary>The body is of a type that is not read.</summary>
    public static readonly ErrorCode UnsupportedMediaType = new("SLU0402", 415, "The body must be JSON");

    /// <summary>The URL is longer than is read.</summary>
    public static readonly ErrorCode UrlTooLong = new("SLU0403", 414, "The URL is too long");

    /// <summary>The headers are more or longer than is read.</summary>
    public static readonly ErrorCode HeadersTooLarge = new("SLU0404", 431, "The headers are too large");

    /// <summary>The request did not come to its end in time.</summary>
    public static readonly ErrorCode RequestTooSlow = new("SLU0405", 408, "The request took too long to arrive");

    /// <summary>The request speaks another version of HTTP.</summary>
    public static readonly ErrorCode HttpVersionUnknown = new("SLU0406", 505, "The HTTP version is not supported");

    /// <summary>The platform refused the credentials or the request.</summary>
    public static readonly ErrorCode PlatformRefused = new("SLU0501", 422, "The platform refused");

    /// <summary>The platform could not be reached.</summary>
    public static readonly ErrorCode PlatformUnreachable = new("SLU0502", 422, "The platform could not be reached");

    /// <summary>The server's egress rules forbid the address.</summary>
    public static readonly ErrorCode EgressDenied = new("SLU0503", 422, "The server may not connect there");

    /// <summary>A secret reference could not be followed.</summary>
    public static readonly ErrorCode SecretUnavailable = new("SLU0504", 422, "A secret could not be read");

    /// <summary>Too many requests, or too many failed authentications.</summary>
    public static readonly ErrorCode TooManyRequests = new("SLU0601", 429, "Too many requests");

    /// <summary>A fault of ours; the trace id finds it in the log.</summary>
    public static readonly ErrorCode Internal = new("SLU0901", 500, "Internal error");

    /// <summary>The server starts, stops, or has lost its database.</summary>
    public static readonly ErrorCode Unavailable = new("SLU0902", 503, "The server is not ready");

    /// <summary>The database's disk is full or fails; reading may still work.</summary>
    public static readonly ErrorCode DiskFailed = new("SLU0903", 503, "The database's disk is full or fails");

    /// <summary>Every code, in order.</summary>
    public static IReadOnlyList<ErrorCode> All { get; } =
    [
        InvalidRequest, InvalidJson, InvalidPath, NotAvailableYet, SecretsMustBeBroughtAgain, Unauthenticated, Forbidden, OwnEntitlement, NotFound,
        MethodNotAllowed, ConnectionKeyTaken, PlatformRegistered, WrongState, RevisionChanged, UsernameTaken, GroupNameTaken, GroupCycle, IdentityTaken, BodyTooLarge, UnsupportedMediaType,
        UrlTooLong, HeadersTooLarge, RequestTooSlow, HttpVersionUnknown, PlatformRefused, PlatformUnreachable, EgressDenied, SecretUnavailable, TooManyRequests, Internal, Unavailable, DiskFailed,
    ];
}
