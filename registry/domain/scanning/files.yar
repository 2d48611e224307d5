// What the bytes of a file are made to do, wherever in it they stand. Weights as in the rules for text: 10 holds.

rule eicar_test_file {
  meta:
    code = "MP3100"
    weight = 10
  strings:
    $mark = "$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
  condition:
    $mark
}

rule document_runs_macro_when_opened {
  meta:
    code = "MP3126"
    weight = 10
  strings:
    $ole = { D0 CF 11 E0 A1 B1 1A E1 }
    $opens = /(Auto_?Open|Document_?Open|Workbook_?Open|AutoExec)/ nocase ascii wide
    $acts = /(WScript\.Shell|CreateObject|Shell\(|URLDownloadToFile|powershell|cmd\.exe)/ nocase ascii wide
  condition:
    ($ole at 0 or uint32(0) == 0x04034b50) and $opens and $acts
}

rule pdf_runs_script_when_opened {
  meta:
    code = "MP3126"
    weight = 10
  strings:
    $head = "%PDF-"
    $opens = /\/(OpenAction|AA)\b/
    $acts = /\/(JavaScript|JS|Launch)\b/
  condition:
    $head in (0..1024) and $opens and $acts
}

rule shortcut_runs_program {
  meta:
    code = "MP3126"
    weight = 10
  strings:
    $link = { 4C 00 00 00 01 14 02 00 00 00 00 00 C0 00 00 00 00 00 00 46 }
  condition:
    $link at 0
}

rule help_file_or_installer {
  meta:
    code = "MP3126"
    weight = 10
  strings:
    $chm = { 49 54 53 46 03 00 00 00 }
    $script_host = /<(HTA:APPLICATION|scriptlet|job id=)/ nocase
  condition:
    $chm at 0 or $script_host in (0..4096)
}

rule picture_carries_program {
  meta:
    code = "MP3116"
    weight = 10
  strings:
    $png = { 89 50 4E 47 0D 0A 1A 0A }
    $jpeg = { FF D8 FF }
    $gif = "GIF8"
    $php = /<\?php\s/
    $elf = { 7F 45 4C 46 (01 | 02) 01 01 }
    $pe = "This program cannot be run in DOS mode"
    $shell = /\n#!\/(usr\/)?bin\/(env |ba|z)?(sh|python)/
  condition:
    ($png at 0 or $jpeg at 0 or $gif at 0) and any of ($php, $elf, $pe, $shell)
}

rule python_object_that_runs {
  meta:
    code = "MP3126"
    weight = 10
  strings:
    $head = { 80 (02 | 03 | 04 | 05) }
    $text_head = "cos\nsystem"
    $calls = /(posix|nt|os|subprocess|builtins|__builtin__|pty|runpy)(\n|\x94\x8c.)(system|popen|Popen|call|check_output|run|exec|eval|spawn|_run_code)/
  condition:
    ($head at 0 and $calls) or $text_head in (0..64)
}

rule web_shell {
  meta:
    code = "MP3104"
    weight = 10
  strings:
    $php = /<\?(php|=)[^?]{0,400}(eval|assert|system|passthru|shell_exec|popen|proc_open)\s*\(\s*(base64_decode\s*\(\s*)?@?\$_(GET|POST|REQUEST|COOKIE|SERVER)/ nocase
    $jsp = /Runtime\.getRuntime\(\)\.exec\(\s*request\.getParameter/
    $asp = /<%[^%]{0,100}(eval|execute)\s*\(?\s*request/ nocase
  condition:
    any of them
}
