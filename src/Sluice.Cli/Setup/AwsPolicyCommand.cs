using System.CommandLine;
using Sluice.Platforms.LakeFormation.Setup;

namespace Sluice.Cli.Setup;

/// <summary><c>sluice aws policy</c>: the IAM policy of the documented actions.</summary>
internal static class AwsPolicyCommand
{
    public static Command Create()
    {
        var command = new Command("policy", "Print the IAM policy of the service principal.");
        command.SetAction(_ => Console.WriteLine(AwsSetup.PolicyDocument()));
        return command;
    }
}
