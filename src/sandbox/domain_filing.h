// Domain filing (域名备案): registries and registrars (accounts with the role "domain") report the
// domains they keep. Access providers may not (3036).
#pragma once

#include "sandbox/checks.h"

namespace beian::sandbox {

void file_domains(Tx& tx, const Situation& situation, bool is_domain_unit,
                  const bureau::DomainUpload& upload, std::vector<bureau::DomainResult>& answer);

// Everything this unit has filed, with the bureau's ids (SJTB).
std::vector<bureau::DomainRecord> filed_domains(Reader& reader, Id isp_id);

}  // namespace beian::sandbox
