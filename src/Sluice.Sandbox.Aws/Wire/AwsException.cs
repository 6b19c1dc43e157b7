namespace Sluice.Sandbox.Aws.Wire;

/// <summary>An error as the service answers it.</summary>
internal sealed class AwsException(string code, string message, int status = 400) : Exception(message)
{
    public string Code => code;

    public int Status => status;

    /// <summary>Raised before the service itself was reached: signature and credentials.</summary>
    public bool IsAuthentication { get; private init; }

    public static AwsException Unsigned(string code, string message) => new(code, message, 403) { IsAuthentication = true };

    public static AwsException InvalidInput(string message) => new("InvalidInputException", message);

    public static AwsException NotFound(string message) => new("EntityNotFoundException", message);

    public static AwsException Denied(string message) => new("AccessDeniedException", message);

    /// <summary>What Lake Formation says whether a resource is missing or merely hidden.</summary>
    public static AwsException HiddenOrMissing() =>
        Denied("Resource does not exist or requester is not authorized to access requested permissions.");
}
