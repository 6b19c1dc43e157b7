namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>Puts what Snowflake refused into its own words, with what to do where that is known.</summary>
internal static class SnowflakeErrors
{
    private const string NotInToken = "not listed in the Access Token";

    /// <summary>The refusal of a login.</summary>
    /// <param name="code">Snowflake's code.</param>
    /// <param name="message">Snowflake's message.</param>
    /// <param name="hint">What else may be the cause with this kind of login.</param>
    public static PlatformException OfLogin(string? code, string? message, string? hint)
    {
        // Which code a role outside the token has is not published; the words are (dbt documentation, "Failed to connect to DB").
        var isOutsideToken = message?.Contains(NotInToken, StringComparison.OrdinalIgnoreCase) == true;
        var failure = code switch
        {
            _ when isOutsideToken => PlatformFailure.AccessDenied,
            SnowflakeCodes.RoleUnknown or SnowflakeCodes.LoginObjectUnknown => PlatformFailure.AccessDenied,
            SnowflakeCodes.BadLoginRequest => PlatformFailure.Refused,
            ['3', '9', '0', ..] or ['3', '9', '4', ..] => PlatformFailure.CredentialsRejected,
            _ => Failure(code),
        };
        var remedy = code switch
        {
            _ when isOutsideToken =>
                "The External OAuth integration must allow any role (EXTERNAL_OAUTH_ANY_ROLE_MODE = ENABLE), and the token's scope must be session:role-any.",
            SnowflakeCodes.NetworkPolicy => "A network policy of the account keeps this server out: allow its address.",
            SnowflakeCodes.RoleUnknown => "Grant the role to the user (GRANT ROLE … TO USER …), or correct its name.",
            SnowflakeCodes.OAuthUserMismatch => "Map the token to the user: the External OAuth integration's user mapping claim must name it.",
            _ => hint,
        };
        return Exception(failure, "Snowflake refused the login", code, message, remedy);
    }

    /// <summary>The refusal of a statement.</summary>
    public static PlatformException OfStatement(string? code, string? message)
    {
        var remedy = SnowflakeCodes.IsOfWarehouse(code)
            ? "The warehouse is missing, suspended or out of credits: grant USAGE on it to the role, and set AUTO_RESUME = TRUE or resume it."
            : null;
        return Exception(Failure(code), "Snowflake", code, message, remedy);
    }

    private static PlatformFailure Failure(string? code) => code switch
    {
        SnowflakeCodes.DoesNotExist or SnowflakeCodes.ObjectDoesNotExist => PlatformFailure.NotFound,
        SnowflakeCodes.InsufficientPrivileges => PlatformFailure.AccessDenied,
        SnowflakeCodes.TooManyWaiters => PlatformFailure.Throttled,
        SnowflakeCodes.InternalError or SnowflakeCodes.Cancelled or SnowflakeCodes.TimedOut => PlatformFailure.Unavailable,

        // No object's fault, and over when the warehouse can be used again: whatever needs it fails as a whole, and is tried again.
        _ when SnowflakeCodes.IsOfWarehouse(code) => PlatformFailure.Unavailable,
        _ when SnowflakeCodes.IsExpired(code) => PlatformFailure.CredentialsRejected,
        _ => PlatformFailure.Refused,
    };

    private static PlatformException Exception(PlatformFailure failure, string who, string? code, string? message, string? remedy)
    {
        var isCode = code is { Length: > 0 and <= 20 } && code.All(char.IsAsciiLetterOrDigit);
        // They may repeat a statement.
        var words = ForeignWords.Bounded(message).TrimEnd('.');
        var text = string.Join(": ", ((string?[])[who, isCode ? code : null, words]).Where(part => !string.IsNullOrEmpty(part))) + ".";
        return new PlatformException(failure, remedy is null ? text : $"{text} {remedy}") { Code = isCode ? code : null };
    }
}
